using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Oidc;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>Whoever may change how people sign in could let anybody in: every change wants a fresh proof.</summary>
[Authorize(Policy = InPerson.Admin), Confirmed]
internal sealed class SignInSettingsModel(
    SignInSettingsStore store, SignInSettingsService service, OidcChallenge challenge, OidcTestOutcomes outcomes, PublicUrl publicUrl) : PageModel
{
    private const string Path = "/settings/sign-in";

    [BindProperty]
    public SignInSettingsForm Provider { get; set; } = new();

    [BindProperty]
    public bool IsOn { get; set; }

    public SignInSettings Current { get; private set; } = SignInSettings.Default;

    /// <summary>True when an administrator has come in by the provider.</summary>
    public bool MayCloseLocal { get; private set; }

    /// <summary>What came of the last test, when it was of the settings as they are.</summary>
    public OidcTestOutcome? Outcome { get; private set; }

    public bool IsSaved { get; private set; }

    public string AddressOf(string path) => publicUrl.For(Request).Below(path).AbsoluteUri;

    public void OnGet()
    {
        Current = store.Current;
        Provider = SignInSettingsForm.From(Current);
        MayCloseLocal = service.ProvidesAdministrator(Current);
        Outcome = User.SessionId() is { } session && outcomes.Find(session) is { } outcome && outcome.Fingerprint == Current.Fingerprint() ? outcome : null;
    }

    public Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) =>
        ChangeAsync(() => service.SaveProviderAsync(Provider, HttpContext.ToActor(), cancellationToken));

    public Task<IActionResult> OnPostOfferAsync(CancellationToken cancellationToken) =>
        ChangeAsync(() => service.OfferProviderAsync(IsOn, HttpContext.ToActor(), cancellationToken));

    public Task<IActionResult> OnPostLocalAsync(CancellationToken cancellationToken) =>
        ChangeAsync(() => service.AllowLocalAsync(IsOn, HttpContext.ToActor(), cancellationToken));

    public async Task<IActionResult> OnPostTestAsync()
    {
        if (!store.Current.HasProvider)
        {
            return Redirect(Path);
        }

        await challenge.StartAsync(HttpContext, OidcPurpose.Test, Path);
        return new EmptyResult();
    }

    private async Task<IActionResult> ChangeAsync(Func<Task> change)
    {
        IsSaved = await this.TryAsync(change);
        if (IsSaved)
        {
            // The fields show what is kept, and not what was typed.
            ModelState.Clear();
        }

        OnGet();
        return Page();
    }
}
