using System.Security.Claims;

namespace WgHub.Web;

/// <param name="Path">Where it leads; it is marked on all addresses below.</param>
/// <param name="LeastRole">Whom it is shown to. The page itself says who may open it.</param>
/// <param name="Place">Where it stands among the others, in tens: the order of the day's work.</param>
internal sealed record NavigationItem(string Title, string Path, string LeastRole, int Place)
{
    public bool IsHere(HttpRequest request) => Path == "/" ? request.Path == "/" : request.Path.StartsWithSegments(Path);
}

/// <summary>The pages that lead to all others.</summary>
internal sealed class Navigation(IEnumerable<Room> rooms)
{
    private readonly NavigationItem[] _header = [.. rooms.SelectMany(room => room.Navigation).OrderBy(item => item.Place)];
    private readonly NavigationItem[] _settings = [.. rooms.SelectMany(room => room.SettingsPages).OrderBy(item => item.Place)];

    public IEnumerable<NavigationItem> HeaderFor(ClaimsPrincipal user) => _header.Where(item => user.May(item.LeastRole));

    /// <summary>True for the item of the header that this page belongs to: also a page among the settings that has an address of its own.</summary>
    public bool IsHere(NavigationItem item, HttpRequest request) =>
        item.IsHere(request) || (Array.Exists(_settings, page => page.Path == item.Path) && Array.Exists(_settings, page => page.IsHere(request)));

    public IEnumerable<NavigationItem> SettingsFor(ClaimsPrincipal user) => _settings.Where(item => user.May(item.LeastRole));
}
