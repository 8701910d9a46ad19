namespace WgHub.Features.Networks;

/// <summary>A network, and what changed of one, as facts of the audit log.</summary>
internal static class NetworkDifference
{
    public static IEnumerable<(string Name, string? Value)> All(Network network)
    {
        yield return ("cidr", network.Cidr.ToString());
        yield return ("via", network.Behind);
        if (network.Standby is { } standby)
        {
            yield return ("standby", standby.Name);
        }

        yield return ("masquerade", $"{network.Masquerade}");
    }

    public static IEnumerable<(string Name, string? Value)> Between(Network before, Network after) =>
        new (string Name, string Was, string Is)[]
        {
            ("name", before.Name.Text, after.Name.Text),
            ("cidr", before.Cidr.ToString(), after.Cidr.ToString()),
            ("via", before.Behind, after.Behind),
            ("standby", before.Standby?.Name ?? "none", after.Standby?.Name ?? "none"),
            ("masquerade", $"{before.Masquerade}", $"{after.Masquerade}"),
        }
        .Where(one => one.Was != one.Is)
        .Select(one => (one.Name, (string?)$"{one.Was} → {one.Is}"));
}
