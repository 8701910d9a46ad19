using WgHub.Features.Spokes;
using WgHub.WireGuard;

namespace WgHub.Features.Metrics;

/// <summary>Adds up counters that start again with every life of the interface, and of the peer on it.</summary>
internal static class PeerCounting
{
    /// <param name="generation">Which life of the interface the line comes from.</param>
    /// <returns><paramref name="before"/> itself when nothing changed.</returns>
    public static PeerTraffic Next(PeerTraffic before, WgPeerLine line, string generation)
    {
        var isSameLife = before.Generation == generation && line.ReceivedBytes >= before.CounterReceived && line.SentBytes >= before.CounterSent;
        var (received, sent) = isSameLife
            ? (line.ReceivedBytes - before.CounterReceived, line.SentBytes - before.CounterSent)
            : (line.ReceivedBytes, line.SentBytes);

        // A life that begins again knows of no handshake yet; the last one is still the last one.
        DateTimeOffset? handshake = line.LatestHandshakeSeconds == 0 ? before.LastHandshake : DateTimeOffset.FromUnixTimeSeconds(line.LatestHandshakeSeconds);
        var endpoint = line.Endpoint.IsEmpty || IsSame(line.Endpoint, before.Endpoint) ? before.Endpoint : line.Endpoint.ToText();
        return isSameLife && received == 0 && sent == 0 && handshake == before.LastHandshake && endpoint == before.Endpoint
            ? before
            : new(
                before.Key,
                generation,
                line.ReceivedBytes,
                line.SentBytes,
                before.ReceivedBytes + received,
                before.SentBytes + sent,
                handshake > before.LastHandshake || before.LastHandshake is null ? handshake : before.LastHandshake,
                endpoint);
    }

    private static bool IsSame(ReadOnlySpan<byte> ascii, string? text) => text is not null && System.Text.Ascii.Equals(ascii, text);
}
