using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>One account. Its id comes from the address alone: a field of that name in a form must not lead to another account.</summary>
[Authorize(Policy = InPerson.Admin), Confirmed]
internal sealed class UserPageModel(
    UserList list, SessionStore sessionStore, ApiTokenStore tokens, AllMadeBy made, UserAdministration administration, AuditLog log, TimeProvider time)
    : PageModel
{
    private const int EntriesLookedAt = 20;

    public Account Account { get; private set; } = null!; // each handler loads it first

    public IReadOnlyList<SessionRow> Sessions { get; private set; } = [];

    /// <summary>API tokens that this account made.</summary>
    public IReadOnlyList<ApiToken> Tokens { get; private set; } = [];

    /// <summary>What it made and what gives power without it, now.</summary>
    public IReadOnlyList<Made> Made { get; private set; } = [];

    /// <summary>When it last lost rights, what went with them; null when nothing did of late.</summary>
    public (DateTimeOffset At, string What)? Ended { get; private set; }

    public DateTimeOffset Now => time.GetUtcNow();

    public bool IsOwn => Account.User.Id == User.UserId();

    public void OnGet([FromRoute] string id)
    {
        Account = list.Find(id) ?? throw WebErrors.NotFound("account");
        Sessions = [.. sessionStore.Of(id).Select(session => new SessionRow(session, session.Id == User.SessionId(), time.GetUtcNow()))];
        Tokens = tokens.MadeBy(id);
        Made = made.Open(id);
        var entries = log.List(AuditQuery.About(id), new(1, EntriesLookedAt)).Rows;
        Ended = entries.Select(entry => AllMadeBy.ToldIn(entry) is { } what ? (entry.At, what) : ((DateTimeOffset, string)?)null)
            .FirstOrDefault(ended => ended is not null);
    }

    public Task<IActionResult> OnPostEnableAsync([FromRoute] string id, CancellationToken cancellationToken) =>
        ChangeAsync(id, by => administration.EnableAsync(id, by, cancellationToken));

    [AsksFirst(
        "Disable this account?",
        "Whoever has it is signed out everywhere at once. API tokens that it made are refused for good: enabling the account does not bring them back.",
        "Disable")]
    public Task<IActionResult> OnPostDisableAsync([FromRoute] string id, CancellationToken cancellationToken) =>
        ChangeAsync(id, by => administration.DisableAsync(id, by, cancellationToken));

    [AsksFirst(
        "Remove the second factors of this account?",
        "Its authenticator app, recovery codes and passkeys are worth nothing from now on, and the password alone signs in. Its owner sets others up.",
        "Remove them")]
    public Task<IActionResult> OnPostRemoveSecondFactorsAsync([FromRoute] string id, CancellationToken cancellationToken) =>
        ChangeAsync(id, by => administration.RemoveSecondFactorsAsync(id, by, cancellationToken));

    public Task<IActionResult> OnPostEndSessionAsync([FromRoute] string id, [FromForm] string? session, CancellationToken cancellationToken) =>
        ChangeAsync(id, by => administration.EndSessionAsync(id, session, by, cancellationToken));

    public Task<IActionResult> OnPostEndSessionsAsync([FromRoute] string id, CancellationToken cancellationToken) =>
        ChangeAsync(id, by => administration.EndSessionsAsync(id, by, cancellationToken));

    private async Task<IActionResult> ChangeAsync(string id, Func<Administrator, Task> change)
    {
        if (await this.TryAsync(() => change(Administrator.Of(HttpContext))))
        {
            return RedirectToPage(new { id });
        }

        OnGet(id);
        return Page();
    }
}
