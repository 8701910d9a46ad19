using WgHub.Features.Audit;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Auth.Accounts;

/// <summary>
/// The one-time codes that open <c>/setup</c>: the first set-up while there is no administrator, and afterwards the way back in
/// for whoever lost theirs. Whoever can run <c>wghub setup-code</c> on the machine owns the hub anyway.
/// </summary>
internal sealed class SetupCodes(Database database, UserStore users, TimeProvider time)
{
    private const int Length = 20;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(60);

    /// <summary>True while a code is open that resets an administrator.</summary>
    public bool IsResetOpen => database.Read(tx => tx.Count($"select count(*) from setup_codes where resets and expires_at > {Now}")) > 0;

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>
    /// Makes a code for the first set-up. One that was told before stays good for its hour: the log of a restart must not spoil the one just
    /// read.
    /// </summary>
    /// <returns>Null when there is an administrator.</returns>
    public Task<CrockfordCode?> NewAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(tx => users.HasAdministrator(tx) ? null : Add(tx, resets: false), cancellationToken);

    /// <summary>Makes a code that opens <c>/setup</c> though there are administrators.</summary>
    public Task<CrockfordCode> NewResetAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(
            Actor.Cli,
            tx =>
            {
                tx.Audit(AuditEvents.SetupOpened, Subject.None);
                return Add(tx, resets: true);
            },
            cancellationToken);

    public bool IsValid(Secret? code) => database.Read(tx => IsValid(tx, code, resets: false));

    /// <param name="resets">For the code that resets an administrator: the one of a first set-up, which stands in a log, must never do that.</param>
    public bool IsValid(Tx tx, Secret? code, bool resets) =>
        CrockfordCode.Read(code?.Reveal(), Length) is { } read
        && tx.Count($"select count(*) from setup_codes where code_hash = {read.Hash} and (resets or not {resets}) and expires_at > {Now}") > 0;

    /// <summary>Closes the set-up, inside the caller's transaction.</summary>
    public static void Close(Tx tx) => tx.Execute($"delete from setup_codes");

    private CrockfordCode Add(Tx tx, bool resets)
    {
        var code = CrockfordCode.New(Length);
        tx.Execute($"delete from setup_codes where expires_at <= {Now}");
        tx.Execute($"insert into setup_codes (code_hash, expires_at, resets) values ({code.Hash}, {tx.Now + Life}, {resets})");
        return code;
    }
}
