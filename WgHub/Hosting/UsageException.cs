namespace WgHub.Hosting;

/// <summary>An option or a setting is not what it should be.</summary>
internal sealed class UsageException(string message) : Exception(message);
