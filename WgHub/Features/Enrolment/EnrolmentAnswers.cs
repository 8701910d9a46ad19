using WgHub.Features.Hub;
using WgHub.Features.Networks;
using WgHub.Features.Spokes;

namespace WgHub.Features.Enrolment;

internal sealed record RegisteredSpokeDto(string Id, string Name, string PublicKey, IReadOnlyList<string> AllowedIPs, SpokeStatus Status)
{
    public static RegisteredSpokeDto From(HubConfig hub, Spoke spoke, DateTimeOffset now) =>
        new(spoke.Id, spoke.Name, spoke.Key.ToString(), hub.AddressesOf(spoke), spoke.StatusAt(now));
}

internal sealed record RegisteredHubDto(
    string PublicKey,
    string PublicEndpoint,
    string? PrivateEndpoint,
    string NetworkCIDR,
    IReadOnlyList<string> Dns,
    int Mtu,
    int PersistentKeepalive,
    IReadOnlyList<string> AllowedIPs)
{
    /// <summary>Of names, beside the DNS servers; null for none.</summary>
    public string? SearchDomain { get; init; }
}

/// <param name="PresharedKey">For both sides of the tunnel; null when the hub gives none. No other answer tells it.</param>
internal sealed record RegisteredDto(string Message, RegisteredSpokeDto Spoke, RegisteredHubDto Hub, string? PresharedKey)
{
    /// <summary>What lies behind it.</summary>
    public required GatewayDuty Gateway { get; init; }

    public static RegisteredDto From(HubConfig hub, Registered registered, DateTimeOffset now) => new(
        "Spoke registered.",
        RegisteredSpokeDto.From(hub, registered.Spoke, now),
        new(
            hub.Key.ToString(),
            hub.PublicEndpoint.ToString(),
            hub.PrivateEndpoint?.ToString(),
            hub.Network.ToString(),
            hub.Dns,
            hub.Mtu,
            HubConfig.PersistentKeepaliveSeconds,
            hub.Routes.Of(registered.Spoke.WantedRoutes))
        { SearchDomain = hub.SearchDomain },
        registered.PresharedKey?.Reveal())
    {
        Gateway = new([], []),
    };

    /// <summary>It holds a secret.</summary>
    public override string ToString() => nameof(RegisteredDto);
}

internal sealed record UnregisteredDto(string Message);
