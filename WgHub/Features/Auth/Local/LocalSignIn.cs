using Microsoft.AspNetCore.Identity;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Local;

/// <summary>What a right password led to.</summary>
/// <param name="SessionKey">For the cookie; null while the second factor is still to come.</param>
internal sealed record PasswordOutcome(User User, SessionKey? SessionKey);

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
        var (result, tries) = await passwordTry.MakeAsync(name, account, password, account?.Tries ?? default, cancellationToken);
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
        Right(name, isSignedIn: key is not null);
        return new(user, key);
    }

    /// <summary>The second step: a code of the authenticator app, or a recovery code.</summary>
    /// <param name="userId">Whose password was right just now.</param>
    /// <returns>The session's key, for the cookie.</returns>
    /// <exception cref="AppException">VALIDATION_FAILED for a wrong code; RATE_LIMITED; FORBIDDEN while it is switched off.</exception>
    public async Task<SessionKey> WithCodeAsync(string userId, Secret? code, Visitor visitor, CancellationToken cancellationToken)
    {
        RequireOn();
        var account = users.FindLocalById(userId) ?? throw AuthErrors.WrongNameOrPassword();
        var tries = backOff.Take(account.User.Name, account.Tries);
        var key = await database.WriteAsync(
            tx => users.Find(tx, userId) is { Enabled: true } user && secondFactor.Take(tx.As(new(user.ActorName, visitor.Address)), user, code) is { } way
                ? signIns.Begin(tx, user, way, visitor)
                : null,
            cancellationToken);
        if (key is null)
        {
            await FailedAsync(account.User, tries, visitor, "code");
            throw AuthErrors.WrongCode();
        }

        Right(account.User.Name, isSignedIn: true);
        return key;
    }

    private void RequireOn()
    {
        if (!settings.Current.LocalSignIn)
        {
            throw AuthErrors.LocalSignInIsOff();
        }
    }

    private void Right(string name, bool isSignedIn)
    {
        if (isSignedIn)
        {
            backOff.Forget(name);
        }
        else
        {
            backOff.Forgive(name);
        }
    }

    /// <summary>Not to be cancelled: who hangs up before the answer has tried nevertheless.</summary>
    private Task FailedAsync(User? user, FailedTries tries, Visitor visitor, string why) =>
        database.WriteAsync(
            tx =>
            {
                if (user is not null)
                {
                    users.Failed(tx, user.Id, tries);
                }

                SignIns.Failed(tx, user, visitor, why);
            },
            CancellationToken.None);
}
