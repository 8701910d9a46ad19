using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Web;

namespace WgHub.Features.Spokes;

/// <summary>
/// One change for many spokes. By GET it is about all that match the list's filter; the list's own check boxes post here. What is
/// changed is what was shown: a list that is another by then is shown again, and what ends tunnels asks first.
/// </summary>
[Authorize(Policy = Access.Operator)]
[ShowsPeers]
internal sealed class BulkModel(SpokeStore store, BulkService service, LivePeers live, TimeProvider time) : PageModel
{
    public const int NamesShown = 200;

    [BindProperty(SupportsGet = true), FromQuery]
    public SpokeFilter Filter { get; set; } = SpokeFilter.All;

    [BindProperty]
    public BulkFields Fields { get; set; } = new();

    public IReadOnlyList<Spoke> Spokes { get; private set; } = [];

    /// <summary>True: the page asks whether their tunnels shall end.</summary>
    public bool IsAsking { get; private set; }

    /// <summary>They were switched off by this very request: the page tells it, and offers to switch them on again.</summary>
    public IReadOnlyList<BulkItem> SwitchedOff { get; private set; } = [];

    public bool IsRemoval => Fields.Action == BulkWish.Remove;

    public int Connected => Spokes.Count(spoke => spoke.StatusAt(time.GetUtcNow()) == SpokeStatus.Active);

    public void OnGet()
    {
        Fields = new() { IsAll = true };
        Load();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<BulkItem> items = [];
        var isAnswered = !BulkWish.Cuts(Fields.Action) || Fields.IsSure || !HasSpokes;
        if (isAnswered && await this.TryAsync(async () => items = await ApplyAsync(cancellationToken)))
        {
            return Told([.. items.Where(item => item.Result is BulkResult.Changed or BulkResult.Removed)]);
        }

        IsAsking = BulkWish.Cuts(Fields.Action) && HasSpokes;
        Load();
        return Page();
    }

    private IActionResult Told(IReadOnlyList<BulkItem> changed)
    {
        if (Fields.Action == BulkWish.Disable && changed.Count > 0)
        {
            SwitchedOff = changed;
            return Page();
        }

        var did = Fields.Action switch { BulkWish.Remove => "removed", BulkWish.Enable => "enabled", _ => "changed" };
        return LocalRedirect(Filter.Href(("did", did), ("many", changed.Count.ToString(CultureInfo.InvariantCulture))));
    }

    private bool HasSpokes => Fields.IsAll || Fields.Chosen.Any();

    private Task<IReadOnlyList<BulkItem>> ApplyAsync(CancellationToken cancellationToken)
    {
        if (!HasSpokes)
        {
            throw WebErrors.Malformed("Choose at least one spoke.");
        }

        if (string.IsNullOrEmpty(Fields.Action))
        {
            throw WebErrors.Malformed("Choose what to do with them.");
        }

        var selection = new SpokeSelection(Fields.IsAll ? null : [.. Fields.Chosen], Filter.ToQuery(), Fields.Shown ?? "");
        var wish = BulkWish.From(selection, Fields.Action, Fields.ValueOfAction);
        SpokeErrors.RefuseEndInThePast("value", wish.End, time.GetUtcNow());
        return service.ApplyAsync(wish, HttpContext.ToActor(), cancellationToken);
    }

    private void Load()
    {
        Spokes = [.. (Fields.IsAll ? store.All(Filter.ToQuery()) : Fields.Chosen.Select(store.Find).OfType<Spoke>()).Select(live.Refresh)];
        Fields.Shown = SpokeSelection.Of(Spokes);
    }
}

/// <summary>What the bar asks for.</summary>
internal sealed class BulkFields
{
    public List<string> Id { get; set; } = [];

    /// <summary>More of them, with spaces between: a form may have a thousand fields, and there may be more spokes.</summary>
    public string? Ids { get; set; }

    public IEnumerable<string> Chosen => Id.Concat((Ids ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct();

    /// <summary>All that match the filter, rather than those of <see cref="Id"/>.</summary>
    public bool IsAll { get; set; }

    /// <summary>One of <see cref="BulkWish.Actions"/>.</summary>
    public string? Action { get; set; }

    public string? Value { get; set; }

    /// <summary>In UTC.</summary>
    public string? ExpiresAt { get; set; }

    /// <inheritdoc cref="SpokeSelection.Fingerprint"/>
    public string? Shown { get; set; }

    /// <summary>The question whether their tunnels shall end was answered.</summary>
    public bool IsSure { get; set; }

    public string? ValueOfAction => Action == "setExpiry" ? ExpiresAt : Value;
}
