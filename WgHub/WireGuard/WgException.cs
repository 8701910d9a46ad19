namespace WgHub.WireGuard;

/// <summary><c>wg</c>, <c>ip</c> or <c>wireguard-go</c> did not do what it was asked.</summary>
/// <param name="message">One sentence that may be shown: the program and its own words, never an argument, a path or standard output.</param>
internal sealed class WgException(string message, Exception? inner = null) : Exception(message, inner);
