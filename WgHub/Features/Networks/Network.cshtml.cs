using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Spokes;
using WgHub.Web;

namespace WgHub.Features.Networks;

[Authorize(Policy = Access.ViewerReadsOperatorWrites)]
[ShowsPeers]
internal sealed class NetworkModel(NetworkStore networks, NetworkService service, NetworkView view) : PageModel
{
    [BindProperty]
    public NetworkFields Fields { get; set; } = new();

    public NetworkRow Row { get; private set; } = null!; // each handler loads it first

    /// <summary>What was done just now; null for nothing.</summary>
    public string? Said { get; private set; }

    /// <summary>What may keep it from working.</summary>
    public string? Warning { get; private set; }

    public bool MayChange => User.May(Roles.Operator);

    /// <param name="made">Present right after it was made.</param>
    public async Task OnGetAsync(string id, string? made, CancellationToken cancellationToken)
    {
        await LoadAsync(id, cancellationToken);
        Fields = NetworkFields.From(Row.Network);
        Said = made is null ? null : "Added.";
    }

    public async Task<IActionResult> OnPostAsync(string id, CancellationToken cancellationToken)
    {
        await LoadAsync(id, cancellationToken);
        var isSaved = await this.TryAsync(() => service.ChangeAsync(id, WishOf(Row.Network), HttpContext.ToActor(), cancellationToken));
        await LoadAsync(id, cancellationToken);
        Said = isSaved ? "Saved." : null;
        return Page();
    }

    public async Task<IActionResult> OnPostMoveAsync(string id, string? to, CancellationToken cancellationToken)
    {
        await LoadAsync(id, cancellationToken);
        var isMoved = await this.TryAsync(() => service.MoveAsync(id, to, HttpContext.ToActor(), cancellationToken));
        await LoadAsync(id, cancellationToken);
        Fields = NetworkFields.From(Row.Network);
        Said = isMoved ? $"{Row.Network.Active?.Name} carries it now." : null;
        return Page();
    }

    [AsksFirst("Remove this network?", "Nobody gets there through the hub any more, and every connection into it ends.", "Remove")]
    public async Task<IActionResult> OnPostRemoveAsync(string id, CancellationToken cancellationToken)
    {
        await LoadAsync(id, cancellationToken);
        return await this.TryAsync(() => service.RemoveAsync(id, HttpContext.ToActor(), cancellationToken)) ? Redirect("/networks") : Page();
    }

    /// <summary>An empty field means the hub, but not where the spoke of the network is gone and nobody has chosen another.</summary>
    private NetworkWish WishOf(Network before)
    {
        var wish = view.WishOf(Fields);
        return !before.IsBehindHub && before.Via is null && string.IsNullOrWhiteSpace(Fields.Via) ? wish with { Via = null } : wish;
    }

    /// <exception cref="AppException">NOT_FOUND.</exception>
    private async Task LoadAsync(string id, CancellationToken cancellationToken)
    {
        Row = view.Row(networks.Find(id) ?? throw NetworkErrors.NotFound());
        Warning = await service.WarningAsync(Row.Network, cancellationToken);
    }
}
