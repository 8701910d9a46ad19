using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Local;
using WgHub.Features.Auth.Passkeys;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth;

/// <summary>What somebody sees of their own account.</summary>
[Authorize(Policy = Access.Viewer)]
internal sealed class AccountModel(
    Database database, UserStore users, SessionStore sessions, PasskeyStore passkeys, OwnSessions ownSessions, TotpService totp, TimeProvider time) : PageModel
{
    public User Account { get; private set; } = null!; // each handler loads it first

    public IReadOnlyList<SessionRow> Sessions { get; private set; } = [];

    /// <summary>Null while there is no authenticator app.</summary>
    public DateTimeOffset? TotpSince { get; private set; }

    public long RecoveryCodesLeft { get; private set; }

    /// <summary>Their number.</summary>
    public int Passkeys { get; private set; }

    public IActionResult OnGet()
    {
        var me = HttpContext.Me();
        Account = database.Read(tx => users.Find(tx, me.UserId)) ?? throw WebErrors.NotFound("account");
        Sessions = [.. sessions.Of(me.UserId).Select(session => new SessionRow(session, session.Id == me.SessionId, time.GetUtcNow()))];
        TotpSince = totp.Find(me.UserId)?.Since;
        RecoveryCodesLeft = totp.RecoveryCodesLeft(me.UserId);
        Passkeys = passkeys.Of(me.UserId).Count;
        return Page();
    }

    public async Task<IActionResult> OnPostEndAsync(string? id, CancellationToken cancellationToken) =>
        Shown(await this.TryAsync(() => ownSessions.EndAsync(HttpContext.Me(), id, cancellationToken)));

    public async Task<IActionResult> OnPostEndOthersAsync(CancellationToken cancellationToken) =>
        Shown(await this.TryAsync(() => ownSessions.EndOthersAsync(HttpContext.Me(), cancellationToken)));

    private IActionResult Shown(bool isDone) => isDone ? RedirectToPage() : OnGet();
}
