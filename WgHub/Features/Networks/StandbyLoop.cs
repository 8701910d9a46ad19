using Microsoft.Extensions.Options;
using WgHub.Features.Spokes;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Networks;

/// <summary>
/// Lets the second spoke of a network carry it while the first is silent: by the age of their handshakes, which WireGuard renews every two
/// minutes. Costs one small query while no network has two.
/// </summary>
internal sealed class StandbyLoop(
    NetworkStore networks, NetworkService service, SpokeStore spokes, LivePeers live, Database database, TimeProvider time,
    IOptions<NetworksOptions> options, ILogger<StandbyLoop> logger)
    : Loop(TimeSpan.FromSeconds(5), new(), time, logger)
{
    /// <summary>After a start, or one of the machine, who is heard first is chance: both have so long to come.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    private readonly TimeProvider _time = time;
    private DateTimeOffset? _begun;
    private readonly Dictionary<string, DateTimeOffset> _heardSince = []; // of the first spoke of a network that another one carries

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        _begun ??= now;
        var all = networks.Moving(database.OwnHub);
        foreach (var gone in _heardSince.Keys.Except(all.Select(network => network.Id)).ToList())
        {
            _heardSince.Remove(gone);
        }

        foreach (var network in all)
        {
            var viaFor = HeardFor(network, now);
            (Gateway To, string Why)? Decide(Network seen) => Standby.Decide(
                seen, gateway => IsFresh(gateway, gateway.SpokeId != seen.ActiveId), viaFor, TimeSpan.FromSeconds(options.Value.ReturnSeconds));
            if (Decide(network) is var (_, why))
            {
                // Once more inside the transaction: a person may have been faster.
                await service.MoveAsync(network.Id, seen => Decide(seen)?.To, why, Actor.System, cancellationToken);
            }
        }
    }

    private TimeSpan? HeardFor(Network network, DateTimeOffset now)
    {
        if (network.Via is not { } via || network.ActiveId == via.SpokeId || !IsFresh(via, isToCome: true))
        {
            _heardSince.Remove(network.Id);
            return null;
        }

        _heardSince.TryAdd(network.Id, now);
        return now - _heardSince[network.Id];
    }

    /// <summary>On the interface, and heard of within the life of a session, as far as that can be known yet.</summary>
    /// <param name="isToCome">
    /// It does not carry the network now: a handshake of before it was switched off, or of an interface that is no more, says nothing of it.
    /// Whoever carries it keeps it meanwhile.
    /// </param>
    private bool IsFresh(Gateway gateway, bool isToCome)
    {
        var now = _time.GetUtcNow();
        return spokes.Find(gateway.SpokeId) is { } spoke && live.Refresh(spoke) is var seen && seen.IsWantedAt(now)
            && ((seen.LastHandshake > now - Spoke.HandshakeLife && !(isToCome && seen.LastHandshake < seen.HandshakesFrom)) || now - _begun < Grace);
    }
}
