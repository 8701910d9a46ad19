using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Policy;

/// <summary>A network that rules can name.</summary>
/// <param name="IsBesideHub">True when the hub's machine reaches it itself.</param>
/// <param name="Behind">The spoke that leads there; null for one beside the hub, and when its spoke is gone.</param>
/// <param name="Masquerades">True when it sees the hub's own address instead of a spoke's.</param>
internal sealed record PolicyNetwork(string Id, string Name, Cidr Cidr, bool IsBesideHub, string? Behind, bool Masquerades);

/// <summary>All that decides where traffic of a hub may go, at one moment.</summary>
internal sealed record PolicyState
{
    public required HubId Hub { get; init; }

    /// <summary>One more after each change.</summary>
    public required long Revision { get; init; }

    public required PolicyDocument Document { get; init; }

    /// <summary>The hub's own networks, IPv4 first.</summary>
    public required IReadOnlyList<Cidr> HubNetworks { get; init; }

    /// <summary>The hub's switch: a rule by which everybody behind it reaches everybody.</summary>
    public required bool SpokeToSpoke { get; init; }

    public required IReadOnlyList<PolicyNetwork> Networks { get; init; }

    /// <summary>What is never reached, whatever a rule says.</summary>
    public IReadOnlyList<Cidr> Barred { get; init; } = [];

    /// <summary>When the former rules come back unless somebody confirms; null when nothing waits.</summary>
    public DateTimeOffset? ConfirmUntil { get; init; }

    /// <summary>The rule that <see cref="SpokeToSpoke"/> is, and then those of the document.</summary>
    public IEnumerable<PolicyRule> Rules => SpokeToSpoke ? Document.Rules.Prepend(Switch) : Document.Rules;

    /// <summary>The switch as a rule.</summary>
    public static PolicyRule Switch { get; } = new()
    {
        Id = "spoke-to-spoke",
        From = Party.Anybody,
        To = Party.Anybody,
        Protocol = "any",
        Ports = [],
        Note = "The hub's setting: spokes reach each other.",
    };
}
