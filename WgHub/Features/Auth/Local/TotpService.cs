using WgHub.Features.Audit;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Local;

/// <summary>Sets an account's authenticator app up, and takes it off.</summary>
internal sealed class TotpService(Database database, TotpStore totps, AuditLog audit, TimeProvider time)
{
    public TotpEnrolment? Find(string userId) => database.Read(db => totps.Find(db, userId));

    public long RecoveryCodesLeft(string userId) => database.Read(db => RecoveryCodes.Left(db, userId));

    /// <summary>Makes a seed; it counts for nothing until a code proves that the app has it.</summary>
    public Task BeginAsync(string userId, CancellationToken cancellationToken) =>
        database.WriteAsync(db => totps.Begin(db, userId, Totp.NewSeed()), cancellationToken);

    /// <param name="code">A first code of the app.</param>
    /// <returns>The recovery codes: they are told this once.</returns>
    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public Task<IReadOnlyList<string>> EnableAsync(string userId, string? code, Actor actor, CancellationToken cancellationToken) =>
        database.WriteAsync(
            db =>
            {
                var now = time.GetUtcNow();
                var typed = (code ?? "").Replace(" ", "", StringComparison.Ordinal);
                if (totps.Find(db, userId) is not { Since: null } totp || Totp.Match(typed, totp.Seed, now, totp.LastStep) is not { } step)
                {
                    throw WebErrors.Invalid("code", $"Not what the app shows now. It goes by the clock: on the hub it is {now:HH:mm:ss} UTC.");
                }

                totps.Enable(db, userId);
                TotpStore.Use(db, userId, step);
                audit.Append(db, actor, "totp.enabled", userId);
                return RecoveryCodes.Renew(db, userId);
            },
            cancellationToken);

    public Task DisableAsync(string userId, Actor actor, CancellationToken cancellationToken) =>
        database.WriteAsync(
            db =>
            {
                if (TotpStore.IsOn(db, userId))
                {
                    TotpStore.Remove(db, userId);
                    audit.Append(db, actor, "totp.disabled", userId);
                }
            },
            cancellationToken);

    /// <returns>New recovery codes; none while there is no authenticator app.</returns>
    public Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(string userId, Actor actor, CancellationToken cancellationToken) =>
        database.WriteAsync<IReadOnlyList<string>>(
            db =>
            {
                if (!TotpStore.IsOn(db, userId))
                {
                    return [];
                }

                audit.Append(db, actor, "recovery.renewed", userId);
                return RecoveryCodes.Renew(db, userId);
            },
            cancellationToken);
}
