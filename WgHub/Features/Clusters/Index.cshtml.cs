using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Spokes;
using WgHub.Web;

namespace WgHub.Features.Clusters;

[Authorize(Policy = Access.Viewer)]
[ShowsPeers]
internal sealed class IndexModel(ClusterTrees trees, TimeProvider time) : PageModel
{
    private const int PageSize = 20;
    private const int StandaloneShown = 100;

    /// <summary>Part of a name of a cluster, its datacenter or a node.</summary>
    [BindProperty(SupportsGet = true), FromQuery]
    public string? Q { get; set; }

    /// <summary>From 1. From the query alone: the framework has a route value "page" of its own.</summary>
    [BindProperty(SupportsGet = true), FromQuery(Name = "page")]
    public int? PageNumber { get; set; }

    public IReadOnlyList<ClusterTree> Clusters { get; private set; } = [];

    public long Total { get; private set; }

    /// <summary>Nodes that are in no cluster; they stand after the last of the clusters.</summary>
    public IReadOnlyList<Spoke> Standalone { get; private set; } = [];

    public long StandaloneTotal { get; private set; }

    public DateTimeOffset Now { get; } = time.GetUtcNow();

    public int Shown => Paging.Near(PageNumber, PageSize).Page;

    public bool HasMore => (long)Shown * PageSize < Total;

    public bool IsNarrow => !string.IsNullOrWhiteSpace(Q);

    public bool MayChange => User.May(Roles.Operator);

    public IActionResult OnGet()
    {
        (Clusters, Total) = trees.List(Q, Paging.Near(PageNumber, PageSize));
        if (!HasMore && !IsNarrow)
        {
            (Standalone, StandaloneTotal) = trees.StandaloneNodes(StandaloneShown);
        }

        return this.PageOr("_Clusters");
    }

    /// <summary>The address of another part of the list, with what differs from the plain list alone.</summary>
    public string Href(int page)
    {
        IEnumerable<KeyValuePair<string, string?>> parts = [new("q", Q), new("page", page == 1 ? null : page.ToString(CultureInfo.InvariantCulture))];
        return "/clusters" + QueryString.Create(parts.Where(part => !string.IsNullOrWhiteSpace(part.Value)));
    }
}
