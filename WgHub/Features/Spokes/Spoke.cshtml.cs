using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Features.Routes;
using WgHub.Features.Scripts;
using WgHub.Web;

namespace WgHub.Features.Spokes;

[Authorize(Policy = Access.ViewerReadsOperatorWrites)]
[ShowsPeers]
internal sealed class SpokeModel(
    SpokeStore store, SpokeService service, LeaseStore leases, LivePeers live, InstallLines lines, OwnHubRoutes hubRoutes, IOptions<NameOptions> names,
    TimeProvider time) : PageModel
{
    [BindProperty]
    public SpokeFields Fields { get; set; } = new();

    public SpokeRow Row { get; private set; } = null!; // each handler loads it first

    public bool IsSaved { get; private set; }

    /// <summary>Null for one that came without a token.</summary>
    public SpokeOrigin? Origin { get; private set; }

    /// <summary>What it is to send into its tunnel, for a person.</summary>
    public string Networks => string.Join(", ", hubRoutes.Now?.Of(Row.Spoke.WantedRoutes) ?? []);

    /// <summary>What it is called in DNS; null for nothing.</summary>
    public string? HostName => Leases.HostName.Of(Row.Spoke.Name, names.Value.DomainOrNone) is [var name, ..] ? name : null;

    public string? WhyNoHostName => Leases.HostName.WhyNone(Row.Spoke.Name, names.Value.DomainOrNone);

    /// <summary>For a machine that is to fetch its settings anew.</summary>
    public LinesAt Lines => lines.At(HttpContext);

    /// <summary>With full prefix, as its machine has to have them.</summary>
    public IEnumerable<string> Addresses =>
        (Row.Spoke.Address6?.ToString() ?? leases.Address6Of(Row.Spoke.Hub, Row.Spoke.Address)) is { } six
            ? [$"{Row.Spoke.Address}/32", $"{six}/128"]
            : [$"{Row.Spoke.Address}/32"];

    /// <summary>Each with the id of its element.</summary>
    public IEnumerable<(string Id, string Address)> AddressesToCopy => Addresses.Select((address, place) => ($"address-{place}", address.Split('/')[0]));

    public IActionResult OnGet(string id)
    {
        Load(id);
        Fields = SpokeFields.From(Row.Spoke);
        return this.PageOr("_SpokeFacts");
    }

    public async Task<IActionResult> OnPostAsync(string id, CancellationToken cancellationToken)
    {
        Load(id);
        IsSaved = await this.TryAsync(() =>
        {
            var change = Fields.ToChange();
            if (Row.Spoke.IsWantedAt(Row.Now))
            {
                SpokeErrors.RefuseEndInThePast("expiresAt", change.Expiry?.At, Row.Now);
            }

            return service.ChangeAsync(id, change, HttpContext.ToActor(), cancellationToken);
        });
        Load(id);
        return Page();
    }

    public async Task<IActionResult> OnPostEnableAsync(string id, CancellationToken cancellationToken)
    {
        await service.ChangeAsync(id, new(Enabled: true), HttpContext.ToActor(), cancellationToken);
        return RedirectToPage(new { id });
    }

    /// <summary>Somebody has brought the routes to its machine by hand.</summary>
    public async Task<IActionResult> OnPostHeldAsync(string id, CancellationToken cancellationToken)
    {
        await service.HoldRoutesAsync(id, HttpContext.ToActor(), cancellationToken);
        return RedirectToPage(new { id });
    }

    /// <exception cref="AppException">NOT_FOUND.</exception>
    private void Load(string id)
    {
        Row = new(live.Refresh(store.Find(id) ?? throw SpokeErrors.NotFound()), time.GetUtcNow(), User.May(Roles.Operator), SpokeFilter.All);
        Origin = store.OriginOf(id);
    }
}
