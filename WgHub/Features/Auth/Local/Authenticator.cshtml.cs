using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Auth.Local;

/// <summary>
/// Somebody's own authenticator app and recovery codes. Each step wants a fresh proof: a browser left alone must neither take it off nor put
/// another's app in.
/// </summary>
[Authorize(Policy = Access.Viewer), Confirmed]
internal sealed class AuthenticatorModel(UserStore users, TotpService totp) : PageModel
{
    [BindProperty]
    public Secret? Code { get; set; }

    /// <summary>Null while there is none.</summary>
    public DateTimeOffset? Since { get; private set; }

    /// <summary>The seed that is being set up; shown to a fresh proof alone.</summary>
    public TotpSeed? Seed { get; private set; }

    public long RecoveryCodesLeft { get; private set; }

    /// <summary>New ones, which this very request made: shown in this one answer.</summary>
    public IReadOnlyList<CrockfordCode> RecoveryCodes { get; private set; } = [];

    public string Address => Totp.Address(Seed!, Request.Host.Host, User.Identity!.Name!);

    public void OnGet()
    {
        var id = Me().UserId;
        var enrolment = totp.Find(id);
        Since = enrolment?.Since;
        Seed = enrolment is { Since: null } && this.IsConfirmed() ? enrolment.Seed : null;
        RecoveryCodesLeft = totp.RecoveryCodesLeft(id);
    }

    public Task<IActionResult> OnPostBeginAsync(CancellationToken cancellationToken) =>
        DoAsync(async id => await totp.BeginAsync(id, cancellationToken));

    public Task<IActionResult> OnPostEnableAsync(CancellationToken cancellationToken) =>
        DoAsync(async id => RecoveryCodes = await totp.EnableAsync(id, Code, HttpContext.ToActor(), cancellationToken));

    public Task<IActionResult> OnPostDisableAsync(CancellationToken cancellationToken) =>
        DoAsync(async id => await totp.DisableAsync(id, HttpContext.ToActor(), cancellationToken));

    public Task<IActionResult> OnPostRenewAsync(CancellationToken cancellationToken) =>
        DoAsync(async id => RecoveryCodes = await totp.RenewRecoveryCodesAsync(id, HttpContext.ToActor(), cancellationToken));

    private async Task<IActionResult> DoAsync(Func<string, Task> action)
    {
        var id = Me().UserId;
        await this.TryAsync(() => action(id));
        OnGet();
        return Page();
    }

    private CurrentBrowser Me()
    {
        var me = HttpContext.Me();
        return users.FindLocalById(me.UserId) is null ? throw WebErrors.NotFound("password") : me;
    }
}
