namespace WgHub.Architecture;

/// <summary>Who may know whom: a room uses only what the floors below its own hold. A folder in a room is a room.</summary>
public sealed class ArrowTests
{
    /// <summary>From the ground up. What stands on one floor does not know each other.</summary>
    private static readonly string[][] Floors =
    [
        ["Hosting"],
        ["Storage", "WireGuard"],
        ["Install"],
        ["Api", "Features.Backup.Age", "Web"],
        ["Features.Audit", "Features.Docs", "Features.Labels", "Features.Leases", "Features.Routes"],
        ["Features.Logs", "Features.Tls"],
        ["Features.Tls.Acme"],
        ["Features.Tls.Settings"],
        ["Features.Scripts"],
        ["Features.Auth.Accounts"],
        ["Features.Auth.Local", "Features.Auth.Oidc", "Features.Auth.Passkeys"],
        ["Features.Auth.Admin"],
        ["Features.Auth"],
        ["Features.Tokens", "Features.Spokes"],
        ["Features.Clusters", "Features.Groups", "Features.Networks", "Features.Reports"],
        ["Features.Policy"],
        ["Features.Hub"],
        ["Features.Backup"],
        [
            "Features.Dashboard", "Features.Diagnosis", "Features.Enrolment", "Features.History", "Features.Import", "Features.Metrics", "Features.Names",
            "Features.Notifications", "Features.Setup", "Features.Shared", "Features",
        ],
        ["Features.Doctor", "Features.Persons", "Features.Retention", "Features.Rotation"],
        ["Cli.Remote"],
        ["Cli.Apply"],
        ["Cli"],
        [""],
    ];

    /// <summary>What an agent without a panel does not have.</summary>
    private static readonly string[] Forbidden = ["Microsoft.AspNetCore", "Microsoft.Data", "WgHub.Features", "WgHub.Storage", "WgHub.Web"];

    private static IEnumerable<(string User, string Used, string UserRoom, string UsedRoom)> Uses =>
        UsedTypes.OfTheHub.Where(use => Rooms.Of(use.Used) is not null)
            .Select(use => (use.User.Name, use.Used.Name, Rooms.Of(use.User)!, Rooms.Of(use.Used)!))
            .Concat(Constants.OfTheHub.Select(use => (Path.GetFileNameWithoutExtension(use.User.Path), use.Used.Name, use.User.Folder, Rooms.Of(use.Used)!)))
            .Distinct();

    [Fact]
    public void Every_room_stands_on_a_floor() =>
        Assert.Equal(
            Sources.OfTheHub(".cs", ".cshtml").Select(file => file.Folder).Distinct().Order(),
            Floors.SelectMany(floor => floor).Order());

    [Fact]
    public void A_room_uses_the_floors_below_it_only()
    {
        Assert.Contains(Uses, use => use is { User: "NewSpoke", Used: "TokenStore" });
        Assert.Contains(Uses, use => use is { UserRoom: "Features.Auth.Local", Used: "User" });         // seen without a using line
        Assert.Contains(Uses, use => use is { User: "Features_Tokens_Index", Used: "IndexModel" });     // a page
        Assert.Contains(Uses, use => use is { Used: "Roles" });                                         // constants alone

        Ratchet.Holds("arrow", Uses
            .Where(use => use.UsedRoom != use.UserRoom && FloorOf(use.UsedRoom) >= FloorOf(use.UserRoom))
            .GroupBy(use => $"{use.UserRoom} → {(use.UsedRoom.Length == 0 ? "the root" : use.UsedRoom)}")
            .Select(arrow => new Offence(arrow.Key, arrow.Count(), string.Join(", ", arrow.Select(use => $"{use.User} → {use.Used}").Order()))));
    }

    [Theory]
    [InlineData("WireGuard")]
    [InlineData("Api")]
    public void It_could_be_moved_out_as_it_stands(string room) =>
        Assert.Empty(UsedTypes.OfTheHub
            .Where(use => Rooms.Of(use.User) == room)
            .Where(use => Forbidden.Any(space => IsIn(use.Used, space)))
            .Select(use => $"{use.User.Name} → {use.Used.FullName}"));

    [Fact]
    public void Only_storage_knows_the_database_it_stands_on() =>
        Assert.Empty(UsedTypes.OfTheHub
            .Where(use => IsIn(use.Used, "Microsoft.Data") && Rooms.Of(use.User) is not "Storage")
            .Select(use => $"{use.User.FullName} → {use.Used.FullName}"));

    private static int FloorOf(string room) => Array.FindIndex(Floors, floor => floor.Contains(room));

    private static bool IsIn(Type type, string space) => $"{type.Namespace}.".StartsWith($"{space}.", StringComparison.Ordinal);
}
