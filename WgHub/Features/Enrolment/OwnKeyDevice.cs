using WgHub.Features.Scripts;
using WgHub.Features.Tokens;

namespace WgHub.Features.Enrolment;

/// <summary>A device that makes its key pair itself and takes what the hub has to tell in its own form.</summary>
/// <param name="Id">Also its template's name in <c>templates/router</c>; wg-quick has none.</param>
internal sealed record OwnKeyDevice(string Id, string Title, string Os)
{
    public static readonly IReadOnlyList<OwnKeyDevice> All =
    [
        new(RouterSnippet.WgQuick, "wg-quick", Platforms.Linux),
        new("openwrt", "OpenWrt", Platforms.Router),
        new("mikrotik", "MikroTik RouterOS 7", Platforms.Router),
        new("opnsense", "OPNsense", Platforms.Router),
        new("unifi", "UniFi", Platforms.Router),
    ];

    public static readonly string Rule = $"One of {string.Join(", ", All.Select(device => device.Id))}.";

    /// <summary>Those that a token is good for.</summary>
    public static IReadOnlyList<OwnKeyDevice> For(Token token) => [.. All.Where(device => token.Platform is null || token.Platform == device.Os)];

    public static bool TryParse(string? text, out OwnKeyDevice device)
    {
        device = All.FirstOrDefault(one => one.Id == text)!;
        return device is not null;
    }
}
