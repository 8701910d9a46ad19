using WgHub.Features.Tokens;

namespace WgHub.Features.Enrolment;

/// <summary>A device that a person holds, and the WireGuard app for it.</summary>
internal sealed record JoinPlatform(string Os, string Title)
{
    private static readonly IReadOnlyList<JoinPlatform> All =
    [
        new(Platforms.Android, "Android"),
        new(Platforms.Ios, "iPhone or iPad"),
        new(Platforms.MacOS, "macOS"),
        new(Platforms.Windows, "Windows"),
        new(Platforms.Linux, "Linux"),
        new(Platforms.Router, "A router"),
        new(Platforms.Other, "Something else"),
    ];

    /// <summary>Those that a token is good for: all, or the one that it was made for.</summary>
    public static IReadOnlyList<JoinPlatform> For(Token token) =>
        token.Platform is null ? All : [All.FirstOrDefault(one => one.Os == token.Platform) ?? new(token.Platform, token.Platform)];
}
