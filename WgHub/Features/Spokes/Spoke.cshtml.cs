using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Web;

namespace WgHub.Features.Spokes;

[Authorize(Policy = Access.ViewerReadsOperatorWrites)]
[ShowsPeers]
internal sealed class SpokeModel(SpokeStore store, SpokeService service, LivePeers live, TimeProvider time) : PageModel
{
    [BindProperty]
    public SpokeFields Fields { get; set; } = new();

    public SpokeRow Row { get; private set; } = null!; // each handler loads it first

    public bool IsSaved { get; private set; }

    public IActionResult OnGet(string id)
    {
        Load(id);
        Fields = SpokeFields.From(Row.Spoke);
        return this.PageOr("_SpokeFacts");
    }

    public async Task<IActionResult> OnPostAsync(string id, CancellationToken cancellationToken)
    {
        Load(id);
        IsSaved = await this.TryAsync(() => service.ChangeAsync(id, Fields.ToChange(), HttpContext.ToActor(), cancellationToken));
        Load(id);
        return Page();
    }

    public async Task<IActionResult> OnPostEnableAsync(string id, bool enabled, CancellationToken cancellationToken)
    {
        await service.ChangeAsync(id, new(Enabled: enabled), HttpContext.ToActor(), cancellationToken);
        return RedirectToPage(new { id });
    }

    /// <exception cref="AppException">NOT_FOUND.</exception>
    private void Load(string id) =>
        Row = new(live.Refresh(store.Find(id) ?? throw SpokeErrors.NotFound()), time.GetUtcNow(), User.May(Roles.Operator), SpokeFilter.All);
}

/// <summary>What can be changed of a spoke, named as in the API.</summary>
internal sealed class SpokeFields
{
    public string? Name { get; set; }

    public string? Notes { get; set; }

    public string? Group { get; set; }

    public string? Owner { get; set; }

    /// <summary>By comma.</summary>
    public string? Tags { get; set; }

    /// <summary>In UTC; null for never.</summary>
    public DateTime? ExpiresAt { get; set; }

    public static SpokeFields From(Spoke spoke) => new()
    {
        Name = spoke.Name,
        Notes = spoke.Notes,
        Group = spoke.Labels.Group,
        Owner = spoke.Labels.Owner,
        Tags = spoke.Labels.Tags.ToString(),
        ExpiresAt = spoke.ExpiresAt?.UtcDateTime,
    };

    public ChangeSpoke ToChange() => new(
        Name ?? "", null, Notes ?? "", new(ExpiresAt is { } time ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : null))
    {
        Labels = new() { Group = Group ?? "", Owner = Owner ?? "", Tags = Tags ?? "" },
    };
}
