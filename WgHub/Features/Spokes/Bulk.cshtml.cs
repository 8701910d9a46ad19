using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Web;

namespace WgHub.Features.Spokes;

/// <summary>
/// One change for many spokes. By GET it is about all that match the list's filter; the list's own check boxes post here. What is
/// changed is what was shown: a list that is another by then is shown again, and a removal asks first.
/// </summary>
[Authorize(Policy = Access.Operator)]
internal sealed class BulkModel(SpokeStore store, BulkService service) : PageModel
{
    public const int NamesShown = 200;

    [BindProperty(SupportsGet = true), FromQuery]
    public SpokeFilter Filter { get; set; } = SpokeFilter.All;

    [BindProperty]
    public BulkFields Fields { get; set; } = new();

    public IReadOnlyList<Spoke> Spokes { get; private set; } = [];

    /// <summary>True: the page asks whether they shall go.</summary>
    public bool IsAsking { get; private set; }

    public void OnGet()
    {
        Fields = new() { IsAll = true };
        Load();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var isAnswered = Fields.Action != BulkWish.Remove || Fields.IsSure || !HasSpokes;
        if (isAnswered && await this.TryAsync(() => ApplyAsync(cancellationToken)))
        {
            return LocalRedirect(Filter.Href());
        }

        IsAsking = Fields.Action == BulkWish.Remove && HasSpokes;
        Load();
        return Page();
    }

    private bool HasSpokes => Fields.IsAll || Fields.Id.Count > 0;

    private Task ApplyAsync(CancellationToken cancellationToken)
    {
        if (!HasSpokes)
        {
            throw WebErrors.Malformed("Choose at least one spoke.");
        }

        var selection = new SpokeSelection(Fields.IsAll ? null : Fields.Id, Filter.ToQuery(), Fields.Shown ?? "");
        return service.ApplyAsync(BulkWish.From(selection, Fields.Action, Fields.ValueOfAction), HttpContext.ToActor(), cancellationToken);
    }

    private void Load()
    {
        Spokes = Fields.IsAll ? store.All(Filter.ToQuery()) : [.. Fields.Id.Distinct().Select(store.Find).OfType<Spoke>()];
        Fields.Shown = SpokeSelection.Of(Spokes);
    }
}

/// <summary>What the bar asks for.</summary>
internal sealed class BulkFields
{
    public List<string> Id { get; set; } = [];

    /// <summary>All that match the filter, rather than those of <see cref="Id"/>.</summary>
    public bool IsAll { get; set; }

    /// <summary>One of <see cref="BulkWish.Actions"/>.</summary>
    public string? Action { get; set; }

    public string? Value { get; set; }

    /// <summary>In UTC.</summary>
    public string? ExpiresAt { get; set; }

    /// <inheritdoc cref="SpokeSelection.Fingerprint"/>
    public string? Shown { get; set; }

    /// <summary>The question whether they shall go was answered.</summary>
    public bool IsSure { get; set; }

    public string? ValueOfAction => Action == "setExpiry" ? ExpiresAt : Value;
}
