using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Hub;
using WgHub.Features.Leases;
using WgHub.Web;

namespace WgHub.Features.Names;

/// <summary>Which addresses are kept for whom, and where the names of spokes are.</summary>
[Authorize(Policy = Access.ViewerReadsAdminWrites)]
internal sealed class AddressesModel(HubStore hubs, RangeService service, LeaseStore leases, HostsFile file, NamesState names) : PageModel
{
    /// <summary>A line for each range.</summary>
    [BindProperty]
    public string? Ranges { get; set; }

    public bool IsSaved { get; private set; }

    public HubConfig? Hub => hubs.Current;

    public bool MayChange => User.May(Roles.Admin);

    public (long Taken, long Total) Usage => leases.Usage() ?? default;

    public IReadOnlyList<RangeState> Kept => service.List();

    /// <summary>Null for nowhere.</summary>
    public string? NamesFile => file.Path;

    public NamesState Names => names;

    public void OnGet() => Ranges = Hub is null ? "" : string.Join('\n', Kept.Select(state => $"{state.Range} {state.Range.Group}"));

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        IsSaved = await this.TryAsync(() => service.ChangeAsync(ChangeRanges.FromText(Ranges), HttpContext.ToActor(), cancellationToken));
        if (IsSaved)
        {
            ModelState.Clear();
            OnGet();
        }

        return Page();
    }
}
