using Microsoft.AspNetCore.Identity;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Local;

/// <summary>
/// The password of whoever is signed in already. Tries are counted by session: others who guess at the same name do not
/// hinder its owner.
/// </summary>
internal sealed class OwnPassword(
    Database database, UserStore users, SessionStore sessions, Passwords passwords, PasswordTry passwordTry, SignInBackOff backOff, SignIns signIns)
{
    /// <exception cref="AppException">VALIDATION_FAILED when it is wrong, RATE_LIMITED, NOT_FOUND for an account without a password.</exception>
    public async Task<User> ProveAsync(CurrentBrowser me, Secret? password, CancellationToken cancellationToken)
    {
        var account = users.FindLocalById(me.UserId) ?? throw WebErrors.NotFound("password");
        var (result, _) = await passwordTry.MakeAsync(Guesser.In(me), account, password, cancellationToken);
        if (result == PasswordVerificationResult.Failed)
        {
            // Not to be cancelled: who hangs up before the answer has tried nevertheless.
            await signIns.FailedAsync(account.User, me.Visitor, "password", CancellationToken.None);
            throw AuthErrors.WrongPassword();
        }

        return account.User;
    }

    /// <summary>Sets a new password and ends the account's other sessions.</summary>
    /// <exception cref="AppException">As of <see cref="ProveAsync"/>.</exception>
    public async Task ChangeAsync(CurrentBrowser me, Secret? current, Secret? next, CancellationToken cancellationToken)
    {
        if (next is not { Length: >= Passwords.MinimumLength and <= Passwords.MaximumLength })
        {
            throw WebErrors.Invalid("next", $"{Passwords.MinimumLength} to {Passwords.MaximumLength} characters.");
        }

        await ProveAsync(me, current, cancellationToken);
        backOff.Forget(Guesser.In(me));
        var hash = passwords.Hash(next);
        await database.WriteAsync(
            me.Actor,
            tx =>
            {
                users.SetPassword(tx, me.UserId, hash);
                sessions.EndAll(tx, me.UserId, me.SessionId);
                tx.Audit(AuditEvents.UserPassword, Subject.Self(tx, me.UserId));
            },
            cancellationToken);
    }
}
