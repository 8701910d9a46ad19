namespace WgHub.Features.Policy;

/// <summary>What one row may reach of one column.</summary>
/// <param name="Words"><c>all</c>, <c>tcp 22</c> and the like, or nothing.</param>
internal sealed record PolicyCell(Party From, Party To, string Words)
{
    public bool IsAll => Words == "all";
}

/// <summary>Who reaches what, groups and networks against each other: what people look at first.</summary>
internal sealed record PolicyMatrix(IReadOnlyList<Party> Columns, IReadOnlyList<(Party From, IReadOnlyList<PolicyCell> Cells)> Rows)
{
    /// <summary>More than these nobody reads as a table.</summary>
    private const int Most = 24;

    /// <param name="groups">All that there are, by name.</param>
    public static PolicyMatrix Of(PolicyState state, PolicyCheck check, IReadOnlyList<string> groups)
    {
        List<Party> rows =
        [
            .. groups.Select(group => new Party(PartyKind.Group, group, group)),
            .. state.Networks.Select(network => new Party(PartyKind.Network, network.Id, network.Name)),
        ];
        rows = [Party.Anybody, .. rows.Take(Most)];
        List<Party> columns = [.. rows, Party.Internet, Party.Hub];
        IReadOnlyList<PolicyCell> Cells(Party from) => [.. columns.Select(to => new PolicyCell(from, to, Words(check, from, to)))];
        return new(columns, [.. rows.Select(from => (from, Cells(from)))]);
    }

    private static string Words(PolicyCheck check, Party from, Party to)
    {
        var rules = check.Between(from, to);
        return rules.Any(rule => rule.Covers("any", null))
            ? "all"
            : string.Join(", ", rules.Select(rule => rule.Ports.Count > 0 ? $"{rule.Protocol} {rule.PortsText}" : rule.Protocol).Distinct());
    }
}
