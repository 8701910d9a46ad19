using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>One account. Its id comes from the address alone: a field of that name in a form must not lead to another account.</summary>
[Authorize(Policy = InPerson.Admin), Confirmed]
internal sealed class UserPageModel(
    UserList list, SessionStore sessionStore, ApiTokenStore tokens, UserAdministration administration, TimeProvider time) : PageModel
{
    public Account Account { get; private set; } = null!; // each handler loads it first

    public IReadOnlyList<SessionRow> Sessions { get; private set; } = [];

    /// <summary>API tokens that this account made.</summary>
    public IReadOnlyList<ApiToken> Tokens { get; private set; } = [];

    public DateTimeOffset Now => time.GetUtcNow();

    public bool IsOwn => Account.User.Id == User.UserId();

    public void OnGet([FromRoute] string id)
    {
        Account = list.Find(id) ?? throw WebErrors.NotFound("account");
        Sessions = [.. sessionStore.Of(id).Select(session => new SessionRow(session, session.Id == User.SessionId(), time.GetUtcNow()))];
        Tokens = tokens.MadeBy(id);
    }

    public Task<IActionResult> OnPostEnableAsync([FromRoute] string id, CancellationToken cancellationToken) =>
        ChangeAsync(id, by => administration.EnableAsync(id, by, cancellationToken));

    public Task<IActionResult> OnPostDisableAsync([FromRoute] string id, CancellationToken cancellationToken) =>
        ChangeAsync(id, by => administration.DisableAsync(id, by, cancellationToken));

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
