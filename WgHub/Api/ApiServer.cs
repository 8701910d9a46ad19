namespace WgHub.Api;

/// <summary>Where the API is, and how it is known.</summary>
internal sealed record ApiServer(Uri Url)
{
    /// <summary>
    /// SHA-256 of the one certificate that is taken, in hex, as <c>wghub fingerprint</c> prints it; null for those that an authority
    /// vouches for.
    /// </summary>
    public string? Fingerprint { get; init; }

    /// <summary>Another way there than the address names, such as a socket of this machine; null for that one.</summary>
    public Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? Connect { get; init; }
}
