using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Local;

/// <summary>Sets an account's authenticator app up, and takes it off.</summary>
internal sealed class TotpService(Database database, TotpStore totps)
{
    public TotpEnrolment? Find(string userId) => database.Read(tx => totps.Find(tx, userId));

    public long RecoveryCodesLeft(string userId) => database.Read(tx => RecoveryCodes.Left(tx, userId));

    /// <summary>Makes a seed; it counts for nothing until a code proves that the app has it.</summary>
    public Task BeginAsync(string userId, CancellationToken cancellationToken) =>
        database.WriteAsync(tx => totps.Begin(tx, userId, TotpSeed.New()), cancellationToken);

    /// <param name="code">A first code of the app.</param>
    /// <returns>The recovery codes: they are told this once.</returns>
    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public Task<IReadOnlyList<CrockfordCode>> EnableAsync(string userId, Secret? code, Actor actor, CancellationToken cancellationToken) =>
        database.WriteAsync(
            actor,
            tx =>
            {
                var now = tx.Now;
                var typed = (code?.Reveal() ?? "").Replace(" ", "", StringComparison.Ordinal);
                if (totps.Find(tx, userId) is not { Since: null } totp || Totp.Match(typed, totp.Seed, now, totp.LastStep) is not { } step)
                {
                    throw WebErrors.Invalid("code", $"Not what the app shows now. It goes by the clock: on the hub it is {now:HH:mm:ss} UTC.");
                }

                totps.Enable(tx, userId);
                TotpStore.Use(tx, userId, step);
                tx.Audit(AuditEvents.TotpEnabled, Subject.Self(tx, userId));
                return RecoveryCodes.Renew(tx, userId);
            },
            cancellationToken);

    public Task DisableAsync(string userId, Actor actor, CancellationToken cancellationToken) =>
        database.WriteAsync(
            actor,
            tx =>
            {
                if (TotpStore.IsOn(tx, userId))
                {
                    TotpStore.Remove(tx, userId);
                    tx.Audit(AuditEvents.TotpDisabled, Subject.Self(tx, userId));
                }
            },
            cancellationToken);

    /// <returns>New recovery codes; none while there is no authenticator app.</returns>
    public Task<IReadOnlyList<CrockfordCode>> RenewRecoveryCodesAsync(string userId, Actor actor, CancellationToken cancellationToken) =>
        database.WriteAsync<IReadOnlyList<CrockfordCode>>(
            actor,
            tx =>
            {
                if (!TotpStore.IsOn(tx, userId))
                {
                    return [];
                }

                tx.Audit(AuditEvents.RecoveryRenewed, Subject.Self(tx, userId));
                return RecoveryCodes.Renew(tx, userId);
            },
            cancellationToken);
}
