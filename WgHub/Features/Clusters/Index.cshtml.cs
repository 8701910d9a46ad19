using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using WgHub.Features.Spokes;
using WgHub.Web;

namespace WgHub.Features.Clusters;

[Authorize(Policy = Access.Viewer)]
[ShowsPeers]
internal sealed class IndexModel(ClusterTrees trees, TimeProvider time) : ListPage
{
    private const int PageSize = 20;
    private const int StandaloneShown = 100;

    /// <summary>Part of a name of a cluster, its datacenter or a node.</summary>
    [BindProperty(SupportsGet = true), FromQuery]
    public string? Q { get; set; }

    public Part<ClusterTree> List { get; private set; } = Part<ClusterTree>.None;

    /// <summary>Nodes that are in no cluster; they stand after the last of the clusters.</summary>
    public IReadOnlyList<Spoke> Standalone { get; private set; } = [];

    public long StandaloneTotal { get; private set; }

    public Pager Links => List.Links(Href);

    public DateTimeOffset Now { get; } = time.GetUtcNow();

    public bool IsNarrow => !string.IsNullOrWhiteSpace(Q);

    public bool MayChange => User.May(Roles.Operator);

    public IActionResult OnGet()
    {
        List = trees.List(Q, PagingBy(PageSize));
        if (!List.HasMore && !IsNarrow)
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
