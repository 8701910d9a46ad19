using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Auth.Local;

/// <summary>What an account asks for besides the password: a code of its authenticator app, or one of its recovery codes.</summary>
internal sealed class SecondFactor(TotpStore totps)
{
    public static bool IsOn(Tx tx, string userId) => TotpStore.IsOn(tx, userId);

    /// <summary>Takes a code, inside the caller's transaction: of two who send the same one at once, one is let in.</summary>
    /// <returns>See <see cref="SignInWay"/>; null when the code is wrong or used up, or the account has no second factor.</returns>
    public string? Take(Tx tx, User user, Secret? typed)
    {
        var code = (typed?.Reveal() ?? "").Replace(" ", "", StringComparison.Ordinal);
        if (totps.Find(tx, user.Id) is not { Since: not null } totp)
        {
            return null;
        }

        if (code.Length == Totp.Digits)
        {
            if (Totp.Match(code, totp.Seed, tx.Now, totp.LastStep) is not { } step)
            {
                return null;
            }

            TotpStore.Use(tx, user.Id, step);
            return SignInWay.Totp;
        }

        if (!RecoveryCodes.Use(tx, user.Id, code))
        {
            return null;
        }

        tx.Audit(AuditEvents.RecoveryUsed, user.Subject, ("left", $"{RecoveryCodes.Left(tx, user.Id)}"));
        return SignInWay.Recovery;
    }
}
