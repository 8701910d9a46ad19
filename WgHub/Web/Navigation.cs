using System.Security.Claims;

namespace WgHub.Web;

/// <param name="Path">Where it leads; it is marked on all addresses below.</param>
/// <param name="LeastRole">Whom it is shown to. The page itself says who may open it.</param>
internal sealed record NavigationItem(string Title, string Path, string LeastRole)
{
    public bool IsHere(HttpRequest request) => Path == "/" ? request.Path == "/" : request.Path.StartsWithSegments(Path);
}

/// <summary>The rooms that have a page of their own, in the order of the day's work.</summary>
internal static class Navigation
{
    private static readonly IReadOnlyList<NavigationItem> Items =
    [
        new("Dashboard", "/", Roles.Viewer),
        new("Spokes", "/spokes", Roles.Viewer),
        new("Clusters", "/clusters", Roles.Viewer),
        new("Tokens", "/tokens", Roles.Viewer),
        new("Audit", "/audit", Roles.Viewer),
        new("Users", "/users", Roles.Admin),
        new("API tokens", "/api-tokens", Roles.Admin),
        new("Settings", "/settings", Roles.Viewer),
    ];

    public static IEnumerable<NavigationItem> For(ClaimsPrincipal user) => Items.Where(item => user.May(item.LeastRole));
}
