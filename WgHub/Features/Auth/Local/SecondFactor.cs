using Microsoft.Data.Sqlite;
using WgHub.Features.Audit;

namespace WgHub.Features.Auth.Local;

/// <summary>What an account asks for besides the password: a code of its authenticator app, or one of its recovery codes.</summary>
internal sealed class SecondFactor(TotpStore totps, RecoveryCodes recoveryCodes, AuditLog audit, TimeProvider time)
{
    public static bool IsOn(SqliteConnection db, string userId) => TotpStore.IsOn(db, userId);

    /// <summary>Takes a code, inside the caller's transaction: of two who send the same one at once, one is let in.</summary>
    /// <returns>See <see cref="SignInWay"/>; null when the code is wrong or used up, or the account has no second factor.</returns>
    public string? Take(SqliteConnection db, User user, string? typed, Actor actor)
    {
        var code = (typed ?? "").Replace(" ", "", StringComparison.Ordinal);
        if (totps.Find(db, user.Id) is not { Since: not null } totp)
        {
            return null;
        }

        if (code.Length == Totp.Digits)
        {
            if (Totp.Match(code, totp.Seed, time.GetUtcNow(), totp.LastStep) is not { } step)
            {
                return null;
            }

            TotpStore.Use(db, user.Id, step);
            return SignInWay.Totp;
        }

        if (!recoveryCodes.Use(db, user.Id, code))
        {
            return null;
        }

        audit.Append(db, actor, "recovery.used", user.Id, ("left", $"{RecoveryCodes.Left(db, user.Id)}"));
        return SignInWay.Recovery;
    }
}
