using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Web;

namespace WgHub.Features.Spokes;

[Authorize(Policy = Access.ViewerReadsOperatorWrites)]
[ShowsPeers]
[TidyAddress]
internal sealed class IndexModel(SpokeStore store, SpokeService service, LivePeers live, TimeProvider time) : PageModel
{
    /// <summary>From the query alone: the framework has a route value "page" of its own.</summary>
    [BindProperty(SupportsGet = true), FromQuery]
    public SpokeFilter Filter { get; set; } = SpokeFilter.All;

    [BindProperty(SupportsGet = true), FromQuery]
    public SpokeNews News { get; set; } = new();

    public Part<SpokeRow> List { get; private set; } = Part<SpokeRow>.None;

    public Pager Links => List.Links(page => (Filter with { Page = page }).Href());

    public SpokeChoices Choices { get; private set; } = SpokeChoices.None;

    /// <summary>Number of spokes, in the list or not, whose end is near.</summary>
    public long Expiring { get; private set; }

    /// <summary>The labels that there are: name of the query's part, what stands for no choice, what is chosen, what can be.</summary>
    public IEnumerable<(string Name, string All, string? Chosen, IReadOnlyList<string> Choices)> LabelChoices =>
        new[] { ("group", "All groups", Filter.Group, Choices.Groups), ("tag", "All tags", Filter.Tag, Choices.Tags),
            ("owner", "All owners", Filter.Owner, Choices.Owners) }
            .Where(label => label.Item4.Count > 0)
            .Select(label => (label.Item1, label.Item2, label.Item3, WithChosen(label.Item4, label.Item3)));

    public bool MayChange => User.May(Roles.Operator);

    public IActionResult OnGet()
    {
        List = store.List(Filter.ToQuery(), Filter.Paging).Select(spoke => ToRow(live.Refresh(spoke)));
        if (!Request.IsHtmx())
        {
            (Choices, Expiring) = (store.Choices(), store.Count().Expiring);
        }

        return this.PageOr("_SpokeTable");
    }

    /// <summary>Lets a spoke in again, from its row. What cuts one off is asked by a page of its own.</summary>
    public async Task<IActionResult> OnPostEnableAsync(string id, CancellationToken cancellationToken)
    {
        var spoke = await service.ChangeAsync(id, new(Enabled: true), HttpContext.ToActor(), cancellationToken);
        return Request.IsHtmx()
            ? Partial("_SpokeEnabled", ToRow(spoke))
            : LocalRedirect(Filter.Href(("did", "enabled"), ("whose", spoke.Name)));
    }

    /// <summary>A list may be asked for by an owner who is not among those offered.</summary>
    private static IReadOnlyList<string> WithChosen(IReadOnlyList<string> choices, string? chosen) =>
        string.IsNullOrEmpty(chosen) || choices.Contains(chosen) ? choices : [chosen, .. choices];

    private SpokeRow ToRow(Spoke spoke) => new(spoke, time.GetUtcNow(), MayChange, Filter);
}
