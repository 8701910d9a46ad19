using System.Collections.Concurrent;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>When peers were last seen from another address than before. In memory: after a restart it begins anew.</summary>
internal sealed class EndpointMoves(TimeProvider time)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>As many are kept for a peer; more would say no more.</summary>
    private const int Kept = 16;

    private readonly ConcurrentDictionary<PublicKey, DateTimeOffset[]> _moves = new();

    public void Note(PublicKey key) =>
        _moves.AddOrUpdate(key, _ => [time.GetUtcNow()], (_, before) => [.. before.TakeLast(Kept - 1), time.GetUtcNow()]);

    /// <summary>Number of moves within <see cref="Window"/>.</summary>
    public int Count(PublicKey key) => _moves.GetValueOrDefault(key, []).Count(at => at > time.GetUtcNow() - Window);

    public void Forget(PublicKey key) => _moves.TryRemove(key, out _);
}
