using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Web;

namespace WgHub.Features.Spokes;

[Authorize(Policy = Access.ViewerReadsOperatorWrites)]
internal sealed class IndexModel(SpokeStore store, SpokeService service, LivePeers live, TimeProvider time) : PageModel
{
    /// <summary>From the query alone: the framework has a route value "page" of its own.</summary>
    [BindProperty(SupportsGet = true), FromQuery]
    public SpokeFilter Filter { get; set; } = SpokeFilter.All;

    public IReadOnlyList<SpokeRow> Rows { get; private set; } = [];

    /// <summary>Number of spokes that match, on all pages.</summary>
    public long Total { get; private set; }

    public SpokeChoices Choices { get; private set; } = new([], []);

    public bool MayChange => User.May(Roles.Operator);

    public long FirstShown => Rows.Count == 0 ? 0 : ((Filter.PageNumber - 1L) * SpokeFilter.PageSize) + 1;

    public long LastShown => Rows.Count == 0 ? 0 : FirstShown + Rows.Count - 1;

    public IActionResult OnGet()
    {
        var (spokes, total) = store.List(Filter.ToQuery());
        (Rows, Total) = ([.. spokes.Select(spoke => ToRow(live.Refresh(spoke)))], total);
        if (!Request.IsHtmx())
        {
            Choices = store.Choices();
        }

        return this.PageOr("_SpokeTable");
    }

    /// <summary>Switches a spoke on or off, from its row.</summary>
    public async Task<IActionResult> OnPostEnableAsync(string id, bool enabled, CancellationToken cancellationToken)
    {
        var spoke = await service.ChangeAsync(id, new(null, enabled, null, null), HttpContext.ToActor(), cancellationToken);
        return Request.IsHtmx() ? Partial("_SpokeRow", ToRow(spoke)) : LocalRedirect(Filter.Href());
    }

    private SpokeRow ToRow(Spoke spoke) => new(spoke, time.GetUtcNow(), MayChange, Filter);
}
