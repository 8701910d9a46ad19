using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Spokes;
using WgHub.Web;

namespace WgHub.Features.Clusters;

[Authorize(Policy = Access.ViewerReadsOperatorWrites)]
[ShowsPeers]
internal sealed class ClusterModel(ClusterTrees trees, ClusterService service, TimeProvider time) : PageModel
{
    [BindProperty]
    public ClusterFields Fields { get; set; } = new();

    public ClusterTree Tree { get; private set; } = null!; // each handler loads it first

    public bool IsSaved { get; private set; }

    public DateTimeOffset Now { get; } = time.GetUtcNow();

    public bool MayChange => User.May(Roles.Operator);

    public IActionResult OnGet(string id)
    {
        Tree = trees.Required(id);
        Fields = new() { Datacenter = Tree.Cluster.Datacenter, Description = Tree.Cluster.Description };
        return this.PageOr("_Cluster");
    }

    public async Task<IActionResult> OnPostAsync(string id, CancellationToken cancellationToken)
    {
        Tree = trees.Required(id);
        IsSaved = await this.TryAsync(() => service.ChangeAsync(id, Fields.ToChange(), HttpContext.ToActor(), cancellationToken));
        Tree = trees.Required(id);
        return Page();
    }
}

/// <summary>What people say of a cluster, named as in the API.</summary>
internal sealed class ClusterFields
{
    public string? Datacenter { get; set; }

    public string? Description { get; set; }

    public ChangeCluster ToChange() => new(Datacenter ?? "", Description ?? "");
}
