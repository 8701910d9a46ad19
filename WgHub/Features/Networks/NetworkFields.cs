namespace WgHub.Features.Networks;

/// <summary>A network as fields of a page. People name spokes, and leave the field empty for the hub.</summary>
internal sealed class NetworkFields
{
    public string? Name { get; set; }

    public string? Cidr { get; set; }

    public string? Via { get; set; }

    public string? Standby { get; set; }

    public bool Masquerade { get; set; } = true;

    public static NetworkFields From(Network network) => new()
    {
        Name = network.Name.Text,
        Cidr = network.Cidr.ToString(),
        Via = network.Via?.Name,
        Standby = network.Standby?.Name,
        Masquerade = network.Masquerade,
    };
}
