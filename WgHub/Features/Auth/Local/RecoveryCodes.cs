using WgHub.Features.Auth.Accounts;
using WgHub.Storage;

namespace WgHub.Features.Auth.Local;

/// <summary>
/// Codes on paper for whoever lost the authenticator app. Each works once; with 80 random bits a plain hash is enough. Methods run inside the
/// caller's transaction.
/// </summary>
internal static class RecoveryCodes
{
    public const int Count = 10;

    private const int Length = 16;

    /// <summary>Makes new ones; those from before work no more.</summary>
    /// <returns>They are told this once.</returns>
    public static IReadOnlyList<CrockfordCode> Renew(Tx tx, string userId)
    {
        Remove(tx, userId);
        CrockfordCode[] codes = [.. Enumerable.Range(0, Count).Select(_ => CrockfordCode.New(Length))];
        foreach (var code in codes)
        {
            tx.Execute($"insert into recovery_codes (user_id, code_hash) values ({userId}, {code.Hash})");
        }

        return codes;
    }

    /// <returns>False when it is none of this account's, or used already.</returns>
    public static bool Use(Tx tx, string userId, string typed) =>
        CrockfordCode.Read(typed, Length) is { } code
        && tx.Execute(
            $"update recovery_codes set used_at = {tx.Now} where user_id = {userId} and code_hash = {code.Hash} and used_at is null") > 0;

    public static long Left(Tx tx, string userId) => tx.Count($"select count(*) from recovery_codes where user_id = {userId} and used_at is null");

    public static void Remove(Tx tx, string userId) => tx.Execute($"delete from recovery_codes where user_id = {userId}");
}
