using WgHub.WireGuard;

namespace WgHub.Features.Policy;

/// <summary>Something that is allowed. What no rule allows is refused.</summary>
internal sealed record PolicyRule
{
    public static readonly string[] Protocols = ["any", "tcp", "udp", "icmp"];

    public required string Id { get; init; }

    public required Party From { get; init; }

    public required Party To { get; init; }

    /// <summary>One of <see cref="Protocols"/>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Empty for all.</summary>
    public required IReadOnlyList<PortRange> Ports { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>For people: it goes into no script.</summary>
    public string Note { get; init; } = "";

    public string PortsText => PortRange.ToText(Ports);

    /// <summary>Such as <c>group:staff → hub tcp 443</c>.</summary>
    public override string ToString() =>
        $"{From} → {To} {Protocol}{(Ports.Count > 0 ? $" {PortsText}" : "")}{(Enabled ? "" : " (off)")}";

    /// <summary>True when it lets this through.</summary>
    /// <param name="protocol">One of <see cref="Protocols"/>; <c>any</c> asks for all of them.</param>
    /// <param name="port">Null asks for all of them.</param>
    public bool Covers(string protocol, int? port) => Enabled
        && (Protocol == "any" || Protocol == protocol)
        && (Ports.Count == 0 || (protocol is "tcp" or "udp" && port is { } one && Ports.Any(range => range.Contains(one))));

    public bool SaysAsMuchAs(PolicyRule other) =>
        From == other.From && To == other.To && Protocol == other.Protocol && PortsText == other.PortsText && Enabled == other.Enabled && Note == other.Note;
}

/// <summary>What must hold after each change of the rules.</summary>
/// <param name="Protocol">One of <see cref="PolicyRule.Protocols"/>.</param>
/// <param name="Port">Null for all.</param>
internal sealed record PolicyTest(Party From, Party To, string Protocol, int? Port, bool IsAllowed)
{
    public string Expect => IsAllowed ? "allow" : "deny";

    /// <summary>Such as <c>group:staff → network:nas tcp 445: allow</c>.</summary>
    public override string ToString() => $"{From} → {To} {Protocol}{(Port is { } port ? FormattableString.Invariant($" {port}") : "")}: {Expect}";
}

/// <summary>Rules and tests as somebody wants them.</summary>
/// <param name="Rules">In the order that people read them; it decides nothing, since all of them allow.</param>
/// <param name="Masquerades">Which families see the hub's own address on the internet: <c>both</c>, <c>ipv4</c>, <c>ipv6</c> or <c>none</c>.</param>
internal sealed record PolicyDocument(IReadOnlyList<PolicyRule> Rules, IReadOnlyList<PolicyTest> Tests, string Masquerades)
{
    public const int MostRules = 1_000, MostTests = 200;

    public static readonly string[] MasqueradeWords = ["both", "ipv4", "ipv6", "none"];
}
