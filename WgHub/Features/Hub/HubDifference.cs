namespace WgHub.Features.Hub;

/// <summary>One setting of a hub that is another one now.</summary>
/// <param name="Name">As the audit log has it.</param>
/// <param name="Field">As forms and the API have it.</param>
/// <param name="Title">As people call it, within a sentence.</param>
/// <param name="Before">Null for none.</param>
/// <param name="After">Null for none.</param>
internal sealed record HubDifference(string Name, string Field, string Title, string? Before, string? After)
{
    /// <summary>In the order of the form.</summary>
    public static IReadOnlyList<HubDifference> Between(HubConfig before, HubConfig after)
    {
        IEnumerable<HubDifference> all =
        [
            new("network", nameof(HubForm.NetworkCIDR), "the network", before.Network.ToString(), after.Network.ToString()),
            new("network6", nameof(HubForm.NetworkCIDRv6), "the IPv6 network", before.Network6?.ToString(), after.Network6?.ToString()),
            new("listenPort", nameof(HubForm.ListenPort), "the UDP port", $"{before.ListenPort}", $"{after.ListenPort}"),
            new("publicEndpoint", nameof(HubForm.PublicEndpoint), "the public endpoint", before.PublicEndpoint.ToString(), after.PublicEndpoint.ToString()),
            new(
                "privateEndpoint", nameof(HubForm.PrivateEndpoint), "the private endpoint",
                before.PrivateEndpoint?.ToString(), after.PrivateEndpoint?.ToString()),
            new("dns", nameof(HubForm.Dns), "the DNS servers", Listed(before.Dns), Listed(after.Dns)),
            new("mtu", nameof(HubForm.Mtu), "the MTU", $"{before.Mtu}", $"{after.Mtu}"),
            new("spokeToSpoke", nameof(HubForm.SpokeToSpoke), "the way between spokes", $"{before.SpokeToSpoke}", $"{after.SpokeToSpoke}"),
            new("presharedKeys", nameof(HubForm.PresharedKeys), "preshared keys", $"{before.PresharedKeys}", $"{after.PresharedKeys}"),
        ];
        return [.. all.Where(one => one.Before != one.After)];
    }

    /// <summary>For people.</summary>
    public string Was => Word(Before);

    /// <inheritdoc cref="Was"/>
    public string Becomes => Word(After);

    /// <summary>As the audit log has it.</summary>
    public override string ToString() => $"{Before ?? "none"} → {After ?? "none"}";

    private static string? Listed(IReadOnlyList<string> addresses) => addresses.Count == 0 ? null : string.Join(' ', addresses);

    private static string Word(string? value) => value switch { null => "none", "True" => "on", "False" => "off", _ => value };
}
