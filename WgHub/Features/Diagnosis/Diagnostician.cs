using WgHub.Features.Hub;
using WgHub.Features.Policy;
using WgHub.Features.Reports;
using WgHub.Features.Spokes;

namespace WgHub.Features.Diagnosis;

/// <summary>Gathers what a diagnosis goes by: the database, the interface, this machine's routes and DNS, and an echo through the tunnel.</summary>
internal sealed class Diagnostician(
    SpokeStore spokes, LivePeers live, EndpointMoves moves, HubStore hubs, PolicyStore policies, HubReports reports, HubSurroundings surroundings,
    TimeProvider time)
{
    /// <summary>Takes two seconds at most, when names do not resolve; a second when nothing answers.</summary>
    /// <exception cref="Web.AppException">NOT_FOUND, HUB_NOT_INITIALIZED.</exception>
    public async Task<(Spoke Spoke, IReadOnlyList<Finding> Findings)> ExamineAsync(string id, CancellationToken cancellationToken)
    {
        var (spoke, hub) = (live.Refresh(spokes.Find(id) ?? throw SpokeErrors.NotFound()), hubs.Required());
        var now = time.GetUtcNow();
        var status = spoke.StatusAt(now);
        var echo = status == SpokeStatus.Active ? EchoProbe.SendAsync(hub, spoke.Address, cancellationToken) : null;
        var addresses = HubSurroundings.EndpointAddressesAsync(hub, cancellationToken);
        var facts = new ConnectionFacts
        {
            Spoke = spoke,
            Hub = hub,
            Peer = (await reports.ReadAsync(isCompared: false, cancellationToken))?.Peers.GetValueOrDefault(spoke.Key),
            ReachesOthers = policies.Find(hub.Id) is { } policy && new PolicyCheck(policy, policies.GroupOf).ReachesOthers(spoke.Id),
            OthersConnected = spokes.Count().Active - (status == SpokeStatus.Active ? 1 : 0),
            EndpointAddresses = await addresses,
            Overlapping = await surroundings.OverlappingAsync(hub, cancellationToken),
            Moves = moves.Count(spoke.Key),
            Echo = echo is null ? null : await echo,
            Now = now,
        };
        return (spoke, Diagnoses.Of(facts));
    }
}
