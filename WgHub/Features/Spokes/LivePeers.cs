using System.Collections.Concurrent;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>The last look at the interface, in memory: what pages show between two writes of the database.</summary>
internal sealed class LivePeers(EndpointMoves moves)
{
    private readonly ConcurrentDictionary<PublicKey, PeerTraffic> _peers = new();

    public PeerTraffic? Find(PublicKey key) => _peers.GetValueOrDefault(key);

    public void Set(PeerTraffic peer) => _peers[peer.Key] = peer;

    /// <summary>Takes the place of <paramref name="before"/>, unless that was forgotten or replaced meanwhile.</summary>
    public bool TryReplace(PeerTraffic before, PeerTraffic after)
    {
        if (!_peers.TryUpdate(after.Key, after, before))
        {
            return false;
        }

        if (before.Endpoint is not null && before.Endpoint != after.Endpoint)
        {
            moves.Note(after.Key);
        }

        return true;
    }

    /// <summary>Forgets a peer that was removed: whoever comes with its key later begins anew.</summary>
    public void Remove(PublicKey key)
    {
        _peers.TryRemove(key, out _);
        moves.Forget(key);
    }

    /// <summary>The spoke with the newest handshake and traffic.</summary>
    public Spoke Refresh(Spoke spoke) =>
        Find(spoke.Key) is { } peer
            ? spoke with
            {
                LastHandshake = peer.LastHandshake,
                HandshakesFrom = peer.HandshakesFrom > spoke.HandshakesFrom || spoke.HandshakesFrom is null ? peer.HandshakesFrom : spoke.HandshakesFrom,
                ReceivedBytes = peer.ReceivedBytes,
                SentBytes = peer.SentBytes,
                Endpoint = peer.Endpoint,
            }
            : spoke;
}
