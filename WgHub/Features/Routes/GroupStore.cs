using WgHub.Storage;

namespace WgHub.Features.Routes;

/// <summary>A group that somebody has decided something about; others are only names that spokes and tokens have.</summary>
/// <param name="Routes">What its spokes route that have no choice of their own; null for the network.</param>
internal sealed record SpokeGroup(string Name, SpokeRoutes? Routes, DateTimeOffset CreatedAt);

/// <summary>The table of groups. Methods run inside the caller's transaction.</summary>
internal static class GroupStore
{
    /// <summary>For the group of a row of <c>spokes</c>; null for none.</summary>
    public static readonly SqlPart RoutesOfSpoke =
        new("(select spoke_groups.routes from spoke_groups where spoke_groups.hub_id = spokes.hub_id and spoke_groups.name = spokes.group_name)");

    /// <returns>Null for one that nobody has decided about.</returns>
    public static SpokeGroup? Find(Tx tx, HubId hub, string? name) => name is null ? null
        : tx.First($"select name, routes, created_at from spoke_groups where hub_id = {hub} and name = {name}", Map);

    public static IReadOnlyList<SpokeGroup> List(Tx tx, HubId hub) =>
        tx.Query($"select name, routes, created_at from spoke_groups where hub_id = {hub} order by name", Map);

    public static void Set(Tx tx, HubId hub, string name, SpokeRoutes? routes) =>
        tx.Execute(
            $"""
            insert into spoke_groups (hub_id, name, routes, created_at) values ({hub}, {name}, {routes?.Text}, {tx.Now})
            on conflict (hub_id, name) do update set routes = excluded.routes
            """);

    public static void Remove(Tx tx, HubId hub, string name) =>
        tx.Execute($"delete from spoke_groups where hub_id = {hub} and name = {name}");

    private static SpokeGroup Map(Row row) =>
        new(row.Text("name"), row.TextOrNull("routes") is { } routes ? SpokeRoutes.FromStored(routes) : null, row.Time("created_at"));
}
