namespace WgHub.Features.Tokens;

/// <summary>Machines that a spoke can be.</summary>
internal static class Platforms
{
    public const string Linux = "linux";
    public const string MacOS = "macos";
    public const string Windows = "windows";
    public const string Proxmox = "proxmox";
    public const string Android = "android";
    public const string Ios = "ios";

    /// <summary>A router that speaks WireGuard itself: OPNsense, MikroTik, UniFi, OpenWrt.</summary>
    public const string Router = "router";

    public const string Other = "other";

    public static readonly IReadOnlyList<string> All = [Linux, MacOS, Windows, Proxmox, Android, Ios, Router, Other];

    /// <summary>As people call it, within a sentence.</summary>
    public static string Name(string platform) => platform switch
    {
        Linux => "Linux",
        MacOS => "macOS",
        Windows => "Windows",
        Proxmox => "a Proxmox VE node",
        Android => "Android",
        Ios => "an iPhone or iPad",
        Router => "a router",
        _ => "another kind of machine",
    };

    public static bool TryParse(string? text, out string platform)
    {
        platform = text ?? "";
        return All.Contains(platform);
    }
}
