namespace WgHub.Features.Tls.Acme;

/// <summary>A way to prove that a name is ours. The authority always comes to the port that the RFCs name, whatever the hub listens on.</summary>
internal sealed record ChallengeKind(string Name, int Port)
{
    /// <summary>A file at a known address, RFC 8555 §8.3.</summary>
    public static readonly ChallengeKind Http01 = new("http-01", 80);

    /// <summary>A certificate in a TLS handshake, RFC 8737.</summary>
    public static readonly ChallengeKind TlsAlpn01 = new("tls-alpn-01", 443);

    /// <summary>Those that can work where the hub listens, the likeliest first.</summary>
    /// <param name="addresses">URLs as the server listens on them.</param>
    public static IReadOnlyList<ChallengeKind> For(IEnumerable<string> addresses)
    {
        var http = addresses.Select(BindingAddress.Parse).Where(address => address.Scheme == Uri.UriSchemeHttp).ToList();
        return http switch
        {
            [] => [TlsAlpn01],
            _ when http.Any(address => address.Port == Http01.Port) => [Http01, TlsAlpn01],
            _ => [TlsAlpn01, Http01], // another port: only a port forwarding can lead there
        };
    }
}
