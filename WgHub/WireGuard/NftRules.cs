
namespace WgHub.WireGuard;

/// <summary>
/// Where traffic of an interface may go: data that a machine makes its own firewall table of. What no rule allows is refused. The number of
/// its rules does not depend on how many peers there are.
/// </summary>
internal sealed record NftRules
{
    /// <summary>The bit of a packet's mark that says "allowed".</summary>
    public required uint Mark { get; init; }

    /// <summary>What lies behind the interface: the hub's own networks, and those behind its peers.</summary>
    public required IReadOnlyList<Cidr> Tunnel { get; init; }

    /// <summary>What is never reached, whatever a rule says.</summary>
    public IReadOnlyList<Cidr> Barred { get; init; } = [];

    /// <summary>Networks with a rule's name of their own, so that they are not the internet, wherever they lie.</summary>
    public IReadOnlyList<Cidr> Named { get; init; } = [];

    /// <summary>What everybody behind the interface may reach.</summary>
    public IReadOnlyList<NftRule> Anybody { get; init; } = [];

    /// <summary>What some peers may reach besides.</summary>
    public IReadOnlyList<NftZone> Zones { get; init; } = [];

    /// <summary>What networks may reach: behind a peer, or beside this machine.</summary>
    public IReadOnlyList<NftSource> Sources { get; init; } = [];

    /// <summary>Networks that see this machine's own address instead of a peer's.</summary>
    public IReadOnlyList<Cidr> Masqueraded { get; init; } = [];

    /// <inheritdoc cref="Masqueraded"/>
    public bool MasqueradesInternet4 { get; init; }

    /// <inheritdoc cref="Masqueraded"/>
    public bool MasqueradesInternet6 { get; init; }

    /// <summary>Every rule, each once.</summary>
    public IEnumerable<NftRule> All => [.. Anybody, .. Zones.SelectMany(zone => zone.Rules), .. Sources.SelectMany(source => source.Rules)];

    /// <summary>True when anything is to pass through this machine.</summary>
    public bool Forwards => All.Any(rule => rule.To is not NftTarget.Machine || rule.Ports.Count > 0);

    /// <summary>An address of each network beyond this machine that a rule leads to or comes from.</summary>
    public IEnumerable<string> Beyond() =>
        All.SelectMany(rule => rule.To switch
            {
                NftTarget.Network { To: var network } => [network],
                NftTarget.Internet => Internet,
                _ => [],
            })
            .Concat(Sources.Select(source => source.Network))
            .Distinct()
            .Where(network => !Tunnel.Contains(network))
            .Select(network => network.Address);

    /// <summary>Public addresses, to ask for the way of a default route.</summary>
    private static readonly Cidr[] Internet = [Cidr.Parse("1.1.1.1/32"), Cidr.Parse("2606:4700:4700::1111/128")];
}

/// <summary>Peers for whom the same rules hold.</summary>
/// <param name="Name">A letter and a number: <c>g3</c> for a group, <c>s7</c> for a peer that rules name.</param>
internal sealed record NftZone(string Name, IReadOnlyList<NftRule> Rules);

/// <summary>A network that starts connections.</summary>
internal sealed record NftSource(Cidr Network, IReadOnlyList<NftRule> Rules);

/// <summary>Something that is allowed.</summary>
/// <param name="Counter">Name of what counts its packets; rules may share one.</param>
/// <param name="Protocol"><c>any</c>, <c>tcp</c>, <c>udp</c> or <c>icmp</c>.</param>
/// <param name="Ports">Empty for all; only with tcp and udp.</param>
internal sealed record NftRule(string Counter, NftTarget To, string Protocol, IReadOnlyList<PortRange> Ports);

/// <summary>Where a rule leads.</summary>
internal abstract record NftTarget
{
    /// <summary>The peers of a zone.</summary>
    internal sealed record Peers(string Zone) : NftTarget;

    internal sealed record Network(Cidr To) : NftTarget;

    /// <summary>All that lies behind the interface.</summary>
    internal sealed record Tunnel : NftTarget;

    /// <summary>What is neither named, nor behind the interface, nor private.</summary>
    internal sealed record Internet : NftTarget;

    /// <summary>This machine itself; with ports also what answers at them for it, such as a container.</summary>
    internal sealed record Machine : NftTarget;
}

/// <summary>What a peer's own addresses are entered as in the table.</summary>
/// <param name="Address6">Null for none.</param>
/// <param name="Own">The zone of this peer alone; null when no rule names it.</param>
/// <param name="Group">The zone that it shares; null when no rule names that.</param>
internal sealed record PeerZone(string Address, string? Address6, string? Own, string? Group);
