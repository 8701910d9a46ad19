using Microsoft.AspNetCore.Identity;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Auth.Local;

/// <summary>One try at a password: counted, checked, and given back when nobody looked at it.</summary>
internal sealed class PasswordTry(Passwords passwords, SignInBackOff backOff)
{
    /// <param name="account">Null for a name that nobody has: it takes as long.</param>
    /// <exception cref="AppException">RATE_LIMITED.</exception>
    public async Task<(PasswordVerificationResult Result, int Tries)> MakeAsync(
        Guesser who, LocalAccount? account, Secret? password, CancellationToken cancellationToken)
    {
        var tries = backOff.Take(who, account?.FailedTries ?? 0);
        if (password is not { Length: > 0 and <= Passwords.MaximumLength })
        {
            return (PasswordVerificationResult.Failed, tries);
        }

        try
        {
            return (await passwords.VerifyAsync(account?.PasswordHash, password, who.IsStranger, cancellationToken), tries);
        }
        catch (Exception exception) when (exception is AppException or OperationCanceledException)
        {
            backOff.Forgive(who);
            throw;
        }
    }
}
