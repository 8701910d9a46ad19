using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Networks;

[Authorize(Policy = Access.ViewerReadsOperatorWrites)]
[ShowsPeers]
internal sealed class IndexModel(
    NetworkStore networks, NetworkService service, BarredService barring, NetworkView view, HubGround ground, Database database) : PageModel
{
    [BindProperty]
    public NetworkFields Fields { get; set; } = new();

    /// <summary>The barred networks, one a line, each with a note behind it.</summary>
    [BindProperty]
    public string? Barred { get; set; }

    public IReadOnlyList<NetworkRow> List { get; private set; } = [];

    public bool HasHub { get; private set; }

    public bool IsBarredSaved { get; private set; }

    public bool MayChange => User.May(Roles.Operator);

    public DateTimeOffset Now => view.Now;

    /// <param name="name">What the form begins with, as are the others: for links that lead here.</param>
    public IActionResult OnGet(string? name, string? cidr, string? via)
    {
        Load();
        Fields = new() { Name = name, Cidr = cidr, Via = via };
        Barred = BarredLines.Of(networks.Barred(database.OwnHub));
        return this.PageOr("_Networks");
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        Network? made = null;
        var isMade =
            await this.TryAsync(async () => made = await service.CreateAsync(view.WishOf(Fields), HttpContext.ToActor(), cancellationToken));
        if (isMade)
        {
            return Redirect($"/networks/{made!.Id}?made=1");
        }

        Load();
        Barred = BarredLines.Of(networks.Barred(database.OwnHub));
        return Page();
    }

    public async Task<IActionResult> OnPostBarAsync(CancellationToken cancellationToken)
    {
        IsBarredSaved = await this.TryAsync(() => barring.SetAsync(BarredLines.Read(Barred), HttpContext.ToActor(), cancellationToken));
        Load();
        return Page();
    }

    private void Load()
    {
        HasHub = database.Read(ground.Find) is not null;
        List = view.Rows(networks.All(database.OwnHub));
    }
}
