using System.Text.RegularExpressions;

namespace WgHub.Architecture;

/// <summary>Who may know whom: a room imports only from the floors below its own.</summary>
public sealed partial class ArrowTests
{
    /// <summary>From the ground up. What stands on one floor does not know each other.</summary>
    private static readonly string[][] Floors =
    [
        ["Hosting"],
        ["Storage", "WireGuard"],
        ["Web"],
        ["Features.Audit", "Features.Labels", "Features.Leases"],
        ["Features.Tls"],
        ["Features.Scripts"],
        ["Features.Auth", "Features.Tokens", "Features.Spokes"],
        ["Features.Clusters", "Features.Reports"],
        ["Features.Hub"],
        ["Features.Dashboard", "Features.Diagnosis", "Features.Enrolment", "Features.Import", "Features.Metrics", "Features.Setup", "Features.Shared", "Features"],
        ["Features.Rotation"],
        ["Cli"],
        [""],
    ];

    [Fact]
    public void Every_room_stands_on_a_floor() =>
        Assert.Equal(
            Sources.OfTheHub(".cs", ".cshtml").Select(file => file.Room).Distinct().Order(),
            Floors.SelectMany(floor => floor).Order());

    [Fact]
    public void A_room_imports_from_the_floors_below_it_only()
    {
        var imports = Sources.OfTheHub(".cs", ".cshtml").SelectMany(file => Import().Matches(file.Text), (file, match) => (File: file, Room: match.Groups["room"].Value)).ToList();
        var upward = imports.Where(import => import.Room != import.File.Room && FloorOf(import.Room) >= FloorOf(import.File.Room));

        Assert.Contains(imports, import => import is { File.Room: "Features.Enrolment", Room: "Features.Tokens" });
        Assert.Empty(upward.Select(import => $"{import.File} → {import.Room}"));
    }

    private static int FloorOf(string room) => Array.FindIndex(Floors, floor => floor.Contains(room));

    /// <summary>A using line, or a name that spells the room out.</summary>
    [GeneratedRegex(@"(\bWgHub\.|(?<![.\w/""])(?=\w+\.[A-Z]))(?<room>Features\.[A-Z]\w+|Cli|Hosting|Storage|Web|WireGuard)\b")]
    private static partial Regex Import();
}
