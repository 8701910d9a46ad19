using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Web;

namespace WgHub.Features.Spokes;

/// <summary>Other addresses for a spoke: says what that cuts before it is done.</summary>
[Authorize(Policy = Access.Operator)]
[ShowsPeers]
internal sealed class AddressModel(SpokeStore store, SpokeService service, LeaseStore leases, LivePeers live, TimeProvider time) : PageModel
{
    [BindProperty]
    public string? CustomIP { get; set; }

    /// <summary>Empty for the one that follows from the IPv4 address.</summary>
    [BindProperty]
    public string? AddressV6 { get; set; }

    public SpokeRow Row { get; private set; } = null!; // each handler loads it first

    /// <summary>True when the hub has an IPv6 network.</summary>
    public bool HasIpv6 => leases.Address6Of(Row.Spoke.Hub, Row.Spoke.Address) is not null;

    public void OnGet(string id)
    {
        Load(id);
        (CustomIP, AddressV6) = ($"{Row.Spoke.Address}", Row.Spoke.Address6?.ToString());
    }

    public async Task<IActionResult> OnPostAsync(string id, CancellationToken cancellationToken)
    {
        Load(id);
        var wish = new ChangeSpoke { CustomIP = CustomIP ?? "", AddressV6 = AddressV6 ?? "" };
        return await this.TryAsync(() => service.ChangeAsync(id, wish, HttpContext.ToActor(), cancellationToken)) ? Redirect($"/spokes/{id}") : Page();
    }

    private void Load(string id) =>
        Row = new(live.Refresh(store.Find(id) ?? throw SpokeErrors.NotFound()), time.GetUtcNow(), MayChange: true, SpokeFilter.All);
}
