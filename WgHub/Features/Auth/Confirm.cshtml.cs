using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Local;
using WgHub.Features.Auth.Oidc;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth;

/// <summary>Asks who is signed in to prove it anew; see <see cref="Confirmation"/>.</summary>
[Authorize(Policy = Access.Viewer)]
internal sealed class ConfirmModel(Database database, UserStore users, FreshProof proof, OidcChallenge provider, Limits limits) : PageModel
{
    [BindProperty]
    public Secret? Password { get; set; }

    [BindProperty]
    public Secret? Code { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>Why the provider's proof was none; see <see cref="OidcFailure"/>.</summary>
    [BindProperty(SupportsGet = true, Name = "error")]
    public string? Failure { get; set; }

    public bool IsLocal => Issuer is null;

    /// <summary>The identity provider of the account; null for a local one.</summary>
    public string? Issuer { get; private set; }

    public bool NeedsCode { get; private set; }

    public void OnGet()
    {
        var id = HttpContext.Me().UserId;
        Issuer = database.Read(tx => users.Find(tx, id))?.Issuer;
        NeedsCode = IsLocal && proof.NeedsCode(id);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        OnGet();
        return await this.TryAsync(() => proof.GiveAsync(HttpContext.Me(), Password, Code, cancellationToken)) ? this.GoTo(ReturnUrl, "/account") : Page();
    }

    /// <summary>Leads to the identity provider, which asks for the password anew.</summary>
    public async Task<IActionResult> OnPostProviderAsync()
    {
        limits.Take(SignInLimits.ProviderStarts, HttpContext);
        await provider.StartAsync(HttpContext, OidcPurpose.Confirm, ReturnUrl);
        return new EmptyResult();
    }
}
