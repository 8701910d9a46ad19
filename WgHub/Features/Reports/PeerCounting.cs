using WgHub.Features.Spokes;
using WgHub.WireGuard;

namespace WgHub.Features.Reports;

/// <summary>Adds up counters that start again with every life of the interface, and of the peer on it.</summary>
internal static class PeerCounting
{
    /// <param name="generation">Which life of the interface the peer was seen in.</param>
    /// <returns><paramref name="before"/> itself when nothing changed.</returns>
    public static PeerTraffic Next(PeerTraffic before, PeerSeen seen, string generation)
    {
        var isSameLife = before.Generation == generation && seen.ReceivedBytes >= before.CounterReceived && seen.SentBytes >= before.CounterSent;
        var (received, sent) = isSameLife
            ? (seen.ReceivedBytes - before.CounterReceived, seen.SentBytes - before.CounterSent)
            : (seen.ReceivedBytes, seen.SentBytes);

        // A life that begins again knows of no handshake yet; the last one is still the last one.
        DateTimeOffset? handshake = seen.LatestHandshakeSeconds == 0 ? before.LastHandshake : DateTimeOffset.FromUnixTimeSeconds(seen.LatestHandshakeSeconds);
        var from = seen.LatestHandshakeSeconds == 0 && before.LastHandshake is { } last && !(before.HandshakesFrom > last)
            ? last.AddSeconds(1) // and tells nothing of this one
            : before.HandshakesFrom;
        var endpoint = seen.Endpoint.Length == 0 ? before.Endpoint : seen.Endpoint;
        return isSameLife && received == 0 && sent == 0 && handshake == before.LastHandshake && from == before.HandshakesFrom
            && endpoint == before.Endpoint
            ? before
            : new(
                before.Key,
                generation,
                seen.ReceivedBytes,
                seen.SentBytes,
                before.ReceivedBytes + received,
                before.SentBytes + sent,
                handshake > before.LastHandshake || before.LastHandshake is null ? handshake : before.LastHandshake,
                endpoint)
            {
                HandshakesFrom = from,
            };
    }
}
