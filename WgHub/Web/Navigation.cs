namespace WgHub.Web;

/// <param name="Path">Where it leads; it is marked on all addresses below.</param>
internal sealed record NavigationItem(string Title, string Path)
{
    public bool IsHere(HttpRequest request) => Path == "/" ? request.Path == "/" : request.Path.StartsWithSegments(Path);
}

/// <summary>The rooms that have a page of their own, in the order of the day's work.</summary>
internal static class Navigation
{
    public static readonly IReadOnlyList<NavigationItem> Items =
    [
        new("Dashboard", "/"),
        new("Spokes", "/spokes"),
        new("Tokens", "/tokens"),
        new("Audit", "/audit"),
        new("Settings", "/settings"),
    ];
}
