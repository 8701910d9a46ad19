using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace WgHub.Features.Hub;

/// <summary>A hub's settings as fields of a page, named as in the API so that a refusal finds its field.</summary>
internal sealed class HubFields
{
    public string? NetworkCIDR { get; set; }

    public int? ListenPort { get; set; }

    public string? PublicEndpoint { get; set; }

    public string? PrivateEndpoint { get; set; }

    /// <summary>Addresses, with commas or spaces between them.</summary>
    public string? Dns { get; set; }

    public string? NetworkCIDRv6 { get; set; }

    public int? Mtu { get; set; }

    public bool SpokeToSpoke { get; set; }

    public bool PresharedKeys { get; set; } = true;

    public static HubFields From(HubConfig hub) => new()
    {
        NetworkCIDR = hub.Network.ToString(),
        ListenPort = hub.ListenPort,
        PublicEndpoint = hub.PublicEndpoint.ToString(),
        PrivateEndpoint = hub.PrivateEndpoint?.ToString(),
        Dns = string.Join(", ", hub.Dns),
        NetworkCIDRv6 = hub.Network6?.ToString(),
        Mtu = hub.Mtu,
        SpokeToSpoke = hub.SpokeToSpoke,
        PresharedKeys = hub.PresharedKeys,
    };

    public static HubFields From(HubDefaults found) => new()
    {
        NetworkCIDR = found.NetworkCIDR,
        ListenPort = found.ListenPort,
        PublicEndpoint = found.PublicEndpoint,
        PrivateEndpoint = found.PrivateEndpoint,
        Mtu = HubForm.DefaultMtu,
    };

    /// <summary>True when a field that the page folds away was refused.</summary>
    public static bool IsAdvancedRefused(ModelStateDictionary state) =>
        new[] { nameof(PrivateEndpoint), nameof(NetworkCIDRv6), nameof(Mtu) }.Any(
            field => state.GetFieldValidationState(field) == ModelValidationState.Invalid);

    /// <summary>Of these fields alone, named as in <see cref="HubForm"/>: all else stays as it is.</summary>
    public HubForm ToForm(IReadOnlyCollection<string> only)
    {
        var all = ToForm();
        bool Has(string field) => only.Contains(field);
        return new()
        {
            NetworkCIDR = Has(nameof(NetworkCIDR)) ? all.NetworkCIDR : null,
            ListenPort = Has(nameof(ListenPort)) ? all.ListenPort : null,
            PublicEndpoint = Has(nameof(PublicEndpoint)) ? all.PublicEndpoint : null,
            PrivateEndpoint = Has(nameof(PrivateEndpoint)) ? all.PrivateEndpoint : null,
            Dns = Has(nameof(Dns)) ? all.Dns : null,
            NetworkCIDRv6 = Has(nameof(NetworkCIDRv6)) ? all.NetworkCIDRv6 : null,
            Mtu = Has(nameof(Mtu)) ? all.Mtu : null,
            SpokeToSpoke = Has(nameof(SpokeToSpoke)) ? all.SpokeToSpoke : null,
            PresharedKeys = Has(nameof(PresharedKeys)) ? all.PresharedKeys : null,
        };
    }

    /// <summary>An empty field takes a setting away, so it is sent as empty and not as missing.</summary>
    public HubForm ToForm() => new()
    {
        NetworkCIDR = NetworkCIDR ?? "",
        ListenPort = ListenPort,
        PublicEndpoint = PublicEndpoint ?? "",
        PrivateEndpoint = PrivateEndpoint ?? "",
        Dns = (Dns ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries),
        NetworkCIDRv6 = NetworkCIDRv6 ?? "",
        Mtu = Mtu,
        SpokeToSpoke = SpokeToSpoke,
        PresharedKeys = PresharedKeys,
    };
}
