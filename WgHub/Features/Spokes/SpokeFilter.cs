using System.Globalization;
using WgHub.Web;

namespace WgHub.Features.Spokes;

/// <summary>Which part of the list the page shows: the query of its address.</summary>
internal sealed record SpokeFilter
{
    public const int PageSize = 50;
    public const int MostDays = 3650;

    private const string Path = "/spokes";

    public static readonly SpokeFilter All = new();

    /// <summary>As <see cref="SpokeQuery.Search"/>.</summary>
    public string? Q { get; init; }

    public SpokeStatus? Status { get; init; }

    public string? Os { get; init; }

    public string? Cluster { get; init; }

    /// <summary>From 1; null for 1.</summary>
    public int? Page { get; init; }

    public SpokeSort? Sort { get; init; }

    public bool? Desc { get; init; }

    public string? Group { get; init; }

    public string? Tag { get; init; }

    public string? Owner { get; init; }

    public int? ExpiresWithinDays { get; init; }

    public bool? RoutesBehind { get; init; }

    public Paging Paging => Paging.Near(Page, PageSize);

    public SpokeSort SortBy => Sort ?? SpokeSort.Name;

    public bool IsDescending => Desc ?? false;

    /// <summary>True when it may leave out spokes that there are.</summary>
    public bool IsNarrow => !string.IsNullOrEmpty(Q) || Status is not null || !string.IsNullOrEmpty(Os) || !string.IsNullOrEmpty(Cluster)
        || !string.IsNullOrEmpty(Group) || !string.IsNullOrEmpty(Tag) || !string.IsNullOrEmpty(Owner) || Days is not null || RoutesBehind is not null;

    private int? Days => ExpiresWithinDays is { } days ? Math.Clamp(days, 1, MostDays) : null;

    public SpokeQuery ToQuery() => new(Status, Os, Cluster, Q?.Trim(), SortBy, IsDescending)
    {
        Labels = new(Group, Tag, Owner),
        ExpiresWithinDays = Days,
        RoutesBehind = RoutesBehind,
    };

    /// <summary>The same list by another column; the column that it is sorted by already turns around.</summary>
    public SpokeFilter By(SpokeSort sort) => this with { Sort = sort, Desc = sort == SortBy ? !IsDescending : null, Page = null };

    /// <summary>How the column is sorted, as <c>aria-sort</c> has it; null when it is not.</summary>
    public string? DirectionOf(SpokeSort sort) => sort != SortBy ? null : IsDescending ? "descending" : "ascending";

    /// <summary>The address of one change for all of this list, or for some of it.</summary>
    public string BulkHref() => $"{Path}/bulk{Href()[Path.Length..]}";

    /// <summary>The address of this part of the list, with what differs from the plain list alone.</summary>
    /// <param name="more">Further parts of the query.</param>
    public string Href(params IEnumerable<(string Name, string? Value)> more) => ListAddress.Of(
        Path,
        [
            .. more,
            ("q", Q),
            ("status", Status?.ToString()),
            ("os", Os),
            ("cluster", Cluster),
            ("group", Group),
            ("tag", Tag),
            ("owner", Owner),
            ("expiresWithinDays", Days?.ToString(CultureInfo.InvariantCulture)),
            ("routesBehind", RoutesBehind switch { true => "true", false => "false", null => null }),
            ("sort", Sort is null or SpokeSort.Name ? null : Sort.ToString()),
            ("desc", IsDescending ? "true" : null),
            ("page", Paging.Page == 1 ? null : Paging.Page.ToString(CultureInfo.InvariantCulture)),
        ]);
}
