using Microsoft.AspNetCore.Identity;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Local;

/// <summary>What a right password led to.</summary>
/// <param name="SessionKey">For the cookie; null while the second factor is still to come.</param>
/// <param name="PasswordMark">See <see cref="LocalAccount.PasswordMark"/>.</param>
internal sealed record PasswordOutcome(User User, SessionKey? SessionKey, string PasswordMark);

/// <summary>Signing in to a local account: with its password, and with its second factor when it has one.</summary>
internal sealed class LocalSignIn(
    Database database, UserStore users, SignIns signIns, SignInSettingsStore settings, Passwords passwords, PasswordTry passwordTry,
    SignInBackOff backOff, SecondFactor secondFactor)
{
    /// <exception cref="AppException">NOT_SIGNED_IN, the same whatever was wrong; RATE_LIMITED; FORBIDDEN while it is switched off.</exception>
    public async Task<PasswordOutcome> WithPasswordAsync(string? name, Secret? password, Visitor visitor, CancellationToken cancellationToken)
    {
        RequireOn();
        name ??= "";
        var account = name.Length is > 0 and <= 63 ? users.FindLocal(name) : null;
        var guesser = Guesser.At(name, account?.User, visitor);
        var (result, tries) = await passwordTry.MakeAsync(guesser, account, password, cancellationToken);
        if (result == PasswordVerificationResult.Failed || account is not { User.Enabled: true })
        {
            await FailedAsync(account?.User, tries, visitor, "password");
            throw AuthErrors.WrongNameOrPassword();
        }

        var user = account.User;
        var rehashed = result == PasswordVerificationResult.SuccessRehashNeeded ? passwords.Hash(password!) : null;
        var key = await database.WriteAsync(
            tx =>
            {
                if (rehashed is not null)
                {
                    users.SetPassword(tx, user.Id, rehashed);
                }

                return SecondFactor.IsOn(tx, user.Id) ? null : signIns.Begin(tx, user, SignInWay.Password, visitor);
            },
            cancellationToken);
        if (key is null)
        {
            backOff.Forgive(guesser);
        }
        else
        {
            backOff.Forget(guesser);
        }

        return new(user, key, LocalAccount.MarkOf(rehashed ?? account.PasswordHash));
    }

    /// <summary>The second step: a code of the authenticator app, or a recovery code.</summary>
    /// <param name="pending">Whose password was right just now. When it is another one by now, the code opens nothing.</param>
    /// <returns>The session's key, for the cookie.</returns>
    /// <exception cref="AppException">NOT_SIGNED_IN, VALIDATION_FAILED for a wrong code, RATE_LIMITED, FORBIDDEN while it is switched off.</exception>
    public async Task<SessionKey> WithCodeAsync(PendingProof pending, Secret? code, Visitor visitor, CancellationToken cancellationToken)
    {
        RequireOn();
        var account = users.FindLocalById(pending.UserId) ?? throw AuthErrors.WrongNameOrPassword();
        var guesser = Guesser.AtCode(account.User, visitor);
        var tries = backOff.Take(guesser, account.FailedTries);
        var key = await database.WriteAsync(tx => Take(tx, pending, code, visitor), cancellationToken);
        if (key is null)
        {
            await FailedAsync(account.User, tries, visitor, "code");
            throw AuthErrors.WrongCode();
        }

        backOff.Forget(guesser);
        backOff.Forget(Guesser.At(account.User.Name, account.User, visitor));
        return key;
    }

    private SessionKey? Take(Tx tx, PendingProof pending, Secret? code, Visitor visitor)
    {
        var account = users.FindLocalById(tx, pending.UserId);
        if (account?.PasswordMark != pending.PasswordMark)
        {
            throw AuthErrors.WrongNameOrPassword();
        }

        var user = account.User;
        return user.Enabled && secondFactor.Take(tx.As(new(user.ActorName, visitor.Address)), user, code) is { } way
            ? signIns.Begin(tx, user, way, visitor)
            : null;
    }

    private void RequireOn()
    {
        if (!settings.Current.LocalSignIn)
        {
            throw AuthErrors.LocalSignInIsOff();
        }
    }

    /// <summary>Not to be cancelled: who hangs up before the answer has tried nevertheless.</summary>
    private Task FailedAsync(User? user, int tries, Visitor visitor, string why) =>
        database.WriteAsync(
            tx =>
            {
                if (user is not null)
                {
                    users.Failed(tx, user.Id, tries);
                }

                signIns.Failed(tx, user, visitor, why);
            },
            CancellationToken.None);
}
