using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Hub;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Setup;

/// <summary>The first run. The set-up code opens it; when only the hub is missing, being an administrator does.</summary>
[AllowAnonymous]
[SmallBody]
internal sealed class IndexModel(SetupService setup, AdminReset reset, HubService hubs, Limits limits) : PageModel
{
    [BindProperty]
    public AdministratorFields Administrator { get; set; } = new();

    [BindProperty]
    public HubFields Hub { get; set; } = new();

    public bool NeedsAdministrator => setup.NeedsAdministrator;

    public bool NeedsHub => setup.NeedsHub;

    private bool IsOpen => NeedsAdministrator || (NeedsHub && User.May(Roles.Admin));

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!IsOpen)
        {
            return Redirect(reset.IsOpen ? "/setup/reset" : "/");
        }

        if (NeedsHub)
        {
            await this.TryAsync(async () => Hub = HubFields.From(await hubs.SuggestAsync(cancellationToken)));
        }

        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!IsOpen)
        {
            return Redirect("/");
        }

        var isDone =
            await this.TryAsync(
                () =>
                    NeedsAdministrator
                        ? CompleteAsync(Hub.ToForm(), cancellationToken)
                        : hubs.InitializeAsync(Hub.ToForm(), HttpContext.ToActor(), cancellationToken));
        return isDone ? Redirect("/") : Page();
    }

    /// <summary>The administrator alone; the hub is made of what is there, on the page that follows.</summary>
    public async Task<IActionResult> OnPostAdministratorAsync(CancellationToken cancellationToken)
    {
        if (!NeedsAdministrator)
        {
            return Redirect("/import");
        }

        return await this.TryAsync(() => CompleteAsync(null, cancellationToken)) ? Redirect("/import") : Page();
    }

    private async Task CompleteAsync(HubForm? hub, CancellationToken cancellationToken)
    {
        limits.Take(SetupRoom.Tries, HttpContext);
        var form = new SetupForm(Administrator.Code, Administrator.Name, Administrator.Password, hub);
        SessionCookie.Set(HttpContext, await setup.CompleteAsync(form, Visitor.Of(HttpContext), cancellationToken));
    }
}

/// <summary>The first administrator, and the code that proves who may become it.</summary>
internal sealed class AdministratorFields
{
    public Secret? Code { get; set; }

    public string? Name { get; set; }

    public Secret? Password { get; set; }
}
