using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>What a change of the hub's settings does to its spokes, told before it is made.</summary>
/// <param name="Spokes">All that are let in.</param>
internal sealed record HubQuestion(HubConfig Before, HubConfig After, IReadOnlyList<SpokeReach> Spokes)
{
    public IReadOnlyList<HubDifference> Changes { get; } = HubDifference.Between(Before, After);

    public int Connected { get; } = Spokes.Count(spoke => spoke.IsConnected);

    /// <summary>Those that ask the hub by their timer: it was set up by the line for sh.</summary>
    public IReadOnlyList<SpokeReach> ByTimer { get; } = [.. Spokes.Where(IsByTimer)];

    /// <summary>Those where a line has to be pasted.</summary>
    public IReadOnlyList<SpokeReach> ByLine { get; } = [.. Spokes.Where(IsByLine)];

    /// <summary>Those that a person changes on the device: phones, routers, what was imported, and what registered in a way of its own.</summary>
    public IReadOnlyList<SpokeReach> ByHand { get; } = [.. Spokes.Where(spoke => !IsByTimer(spoke) && !IsByLine(spoke))];

    /// <summary>Those that learn all of it by themselves: an endpoint, and what the network has become.</summary>
    public IReadOnlyList<SpokeReach> LearnByTimer => IsToBeLearnt && !ChangesWhatTheLineWrites ? ByTimer : [];

    /// <summary>Those where a line has to be run, also for what the timer does not ask for.</summary>
    public IReadOnlyList<SpokeReach> LearnByLine => ChangesWhatTheLineWrites ? [.. ByTimer, .. ByLine] : IsToBeLearnt ? ByLine : [];

    public IReadOnlyList<SpokeReach> LearnByHand => IsToBeLearnt ? ByHand : [];

    public bool MovesPort => Before.ListenPort != After.ListenPort;

    public bool MovesEndpoint => Before.PublicEndpoint != After.PublicEndpoint || Before.PrivateEndpoint != After.PrivateEndpoint;

    public bool ChangesNetwork => Before.Network != After.Network || Before.Network6 != After.Network6;

    /// <summary>What the timer does not ask for. With the first IPv6 network, or without it, a spoke's own addresses are others.</summary>
    public bool ChangesWhatTheLineWrites =>
        Before.Mtu != After.Mtu || !Before.Dns.SequenceEqual(After.Dns) || (Before.Network6 is null) != (After.Network6 is null);

    /// <summary>Machines have it older than the hub until they learn it.</summary>
    public bool IsToBeLearnt => MovesPort || MovesEndpoint || ChangesNetwork || ChangesWhatTheLineWrites;

    /// <summary>The public endpoint at the new port, where it would stay at the one that the hub leaves; else null.</summary>
    public WgEndpoint? PublicOffer => OfferFor(After.PublicEndpoint);

    /// <inheritdoc cref="PublicOffer"/>
    public WgEndpoint? PrivateOffer => After.PrivateEndpoint is { } endpoint ? OfferFor(endpoint) : null;

    /// <summary>False when nobody can be cut off, or left with something old.</summary>
    public bool IsNeeded => PublicOffer is not null || PrivateOffer is not null
        || (Spokes.Count > 0 && (IsToBeLearnt || Before.SpokeToSpoke != After.SpokeToSpoke));

    private WgEndpoint? OfferFor(WgEndpoint endpoint) => MovesPort && endpoint.Port == Before.ListenPort ? endpoint.At(After.ListenPort) : null;

    private static bool IsByTimer(SpokeReach spoke) => spoke is { IsByLine: true, Os: Platforms.Linux or Platforms.Proxmox or Platforms.MacOS };

    private static bool IsByLine(SpokeReach spoke) => spoke is { IsByLine: true, Os: Platforms.Windows };
}
