using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Scripts;
using WgHub.Features.Spokes;
using WgHub.Web;

namespace WgHub.Features.Hub;

/// <summary>The hub's settings. What may cut somebody off, or leave spokes with something old, is asked first and can be put back.</summary>
[Authorize(Policy = Access.ViewerReadsAdminWrites)]
[ShowsPeers]
internal sealed class SettingsModel(HubStore hubs, HubService service, SpokeReachStore reach, InstallLines lines) : PageModel
{
    [BindProperty]
    public HubFields Hub { get; set; } = new();

    /// <summary>Of the hub that a question was about, as <see cref="StampOf"/> has it: with another one, it is asked anew.</summary>
    [BindProperty]
    public string? Asked { get; set; }

    /// <summary>True for whoever goes back to the fields, with what was typed.</summary>
    [BindProperty]
    public bool IsBack { get; set; }

    /// <summary>The fields that are to be as they were, named as in <see cref="HubForm"/>.</summary>
    [BindProperty]
    public List<string> Undone { get; set; } = [];

    public HubConfig? Current => hubs.Current;

    public bool MayChange => User.May(Roles.Admin);

    /// <summary>Null: nothing is asked.</summary>
    public HubQuestion? Question { get; private set; }

    /// <summary>What was saved just now; null for nothing.</summary>
    public IReadOnlyList<HubDifference>? Saved { get; private set; }

    /// <summary>The fields as they were before that.</summary>
    public HubFields Before { get; private set; } = new();

    /// <summary>For a machine that is to fetch the settings anew.</summary>
    public LinesAt Lines => lines.At(HttpContext);

    public static string StampOf(HubConfig hub) => UtcText.Of(hub.UpdatedAt);

    public void OnGet() => Hub = Current is { } hub ? HubFields.From(hub) : Hub;

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!IsBack)
        {
            await this.TryAsync(() => AskOrSaveAsync(Hub.ToForm(), isAsking: true, cancellationToken));
        }

        return Page();
    }

    /// <summary>Puts back what was saved last; who presses that has read what it does.</summary>
    public async Task<IActionResult> OnPostUndoAsync(CancellationToken cancellationToken)
    {
        if (!await this.TryAsync(() => AskOrSaveAsync(Hub.ToForm(Undone), isAsking: false, cancellationToken)))
        {
            OnGet();
        }

        return Page();
    }

    private async Task AskOrSaveAsync(HubForm form, bool isAsking, CancellationToken cancellationToken)
    {
        var (before, after) = await service.PlanAsync(form, cancellationToken);
        var question = new HubQuestion(before, after, reach.List(before.Id));
        if (isAsking && question.IsNeeded && Asked != StampOf(before))
        {
            Question = question;
            return;
        }

        var saved = await service.ChangeAsync(form, HttpContext.ToActor(), cancellationToken);

        // The fields show what is kept, in the hub's own spelling, and not what was typed.
        ModelState.Clear();
        OnGet();
        (Saved, Before) = (HubDifference.Between(before, saved), HubFields.From(before));
    }
}
