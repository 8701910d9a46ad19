using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Auth.Local;

/// <summary>An account's authenticator app.</summary>
/// <param name="Since">When a first code proved the seed; null while it is being set up.</param>
/// <param name="LastStep">The newest step whose code was used.</param>
internal sealed record TotpEnrolment(TotpSeed Seed, DateTimeOffset? Since, long LastStep);

/// <summary>The authenticator apps of accounts; seeds lie under the master key. Methods run inside the caller's transaction.</summary>
internal sealed class TotpStore(MasterKey masterKey)
{
    /// <returns>Null when there is none, not even one that is being set up.</returns>
    /// <exception cref="StorageException">The master key does not open the seed.</exception>
    public TotpEnrolment? Find(Tx tx, string userId) => tx.First(
        $"select sealed_totp_seed, totp_since, totp_last_step from users where id = {userId} and sealed_totp_seed is not null",
        row =>
            new TotpEnrolment(
                TotpSeed.FromStored(SealedColumns.TotpSeed.Open(masterKey, userId, row.Text("sealed_totp_seed"))),
                row.TimeOrNull("totp_since"), row.Number("totp_last_step")));

    /// <summary>Without opening the seed.</summary>
    public static bool IsOn(Tx tx, string userId) => tx.Count($"select count(*) from users where id = {userId} and totp_since is not null") > 0;

    /// <summary>Keeps a seed that no code has proved yet. One that is in use stays.</summary>
    public void Begin(Tx tx, string userId, TotpSeed seed) =>
        tx.Execute(
            $"update users set sealed_totp_seed = {SealedColumns.TotpSeed.Seal(masterKey, userId, seed.Stored)} where id = {userId} and totp_since is null");

    public void Enable(Tx tx, string userId) => tx.Execute($"update users set totp_since = {tx.Now} where id = {userId}");

    /// <summary>The code of this step and all before it are used up.</summary>
    public static void Use(Tx tx, string userId, long step) => tx.Execute($"update users set totp_last_step = {step} where id = {userId}");

    /// <summary>Takes the app away, and the recovery codes that stand in for it.</summary>
    /// <returns>False when there was none.</returns>
    public static bool Remove(Tx tx, string userId)
    {
        RecoveryCodes.Remove(tx, userId);
        return tx.Execute($"update users set sealed_totp_seed = null, totp_since = null where id = {userId} and sealed_totp_seed is not null") > 0;
    }
}
