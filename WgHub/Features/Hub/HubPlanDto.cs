namespace WgHub.Features.Hub;

/// <summary>What <c>PUT /api/hub/config?dryRun=true</c> would do.</summary>
/// <param name="Addresses">That machines can have, the hub among them.</param>
/// <param name="Overlaps">What stands in the way: the change itself would be refused.</param>
internal sealed record HubPlanDto(
    IReadOnlyList<HubChangeDto> Changes, HubAddressesDto Addresses, HubSpokesDto Spokes, IReadOnlyList<HubOverlap> Overlaps)
{
    public static HubPlanDto From(HubPlan plan)
    {
        var ask = plan.Question;
        return new(
            [.. ask.Changes.Select(change => new HubChangeDto(change.Name, change.Before, change.After))],
            new(ask.Before.Network.HostCount, ask.After.Network.HostCount, plan.Taken),
            new(ask.Spokes.Count, ask.Connected, Names(ask.LearnByTimer), Names(ask.LearnByLine), Names(ask.LearnByHand)),
            plan.Overlaps);
    }

    private static IReadOnlyList<string> Names(IReadOnlyList<Spokes.SpokeReach> spokes) => [.. spokes.Select(spoke => spoke.Name)];
}

/// <summary>A setting, by its name in the audit log.</summary>
internal sealed record HubChangeDto(string Setting, string? Before, string? After);

internal sealed record HubAddressesDto(long Before, long After, long Taken);

/// <summary>Names of the spokes whose machines would have older settings, by how each learns the new ones.</summary>
/// <param name="Total">All that are let in.</param>
/// <param name="ByTimer">By themselves: an endpoint within five minutes, the network within an hour.</param>
/// <param name="ByLine">When the line for that is run there.</param>
/// <param name="ByHand">When somebody changes the tunnel on the device.</param>
internal sealed record HubSpokesDto(int Total, int Connected, IReadOnlyList<string> ByTimer, IReadOnlyList<string> ByLine, IReadOnlyList<string> ByHand);
