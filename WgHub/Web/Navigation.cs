using System.Security.Claims;

namespace WgHub.Web;

/// <param name="Path">Where it leads; it is marked on all addresses below.</param>
/// <param name="LeastRole">Whom it is shown to. The page itself says who may open it.</param>
/// <param name="Place">Where it stands among the others, in tens: the order of the day's work.</param>
internal sealed record NavigationItem(string Title, string Path, string LeastRole, int Place)
{
    /// <summary>The chapter of the manual that it is about; null for the manual's first page.</summary>
    public string? Chapter { get; init; }

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

    /// <summary>The chapter of the manual about the page that is asked for; null for the manual's first page.</summary>
    public string? ChapterFor(HttpRequest request) => All.Where(item => item.IsHere(request)).MaxBy(item => item.Path.Length)?.Chapter;

    /// <summary>Every page that leads to others.</summary>
    public IEnumerable<NavigationItem> All => _header.Concat(_settings);

    public IEnumerable<NavigationItem> SettingsFor(ClaimsPrincipal user) => _settings.Where(item => user.May(item.LeastRole));
}
