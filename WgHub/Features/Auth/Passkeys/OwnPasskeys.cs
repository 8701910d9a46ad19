using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Passkeys;

/// <summary>The passkeys of whoever is signed in. Local accounts alone have them: an identity provider's people sign in where their roles come from.</summary>
internal sealed class OwnPasskeys(Database database, UserStore users, PasskeyStore passkeys, SessionStore sessions, SignIns signIns, PasskeyCeremony ceremony)
{
    public const int Most = 10;
    public const int LongestName = 60;

    /// <exception cref="AppException">NOT_FOUND for an account of an identity provider.</exception>
    public IReadOnlyList<Passkey> List(CurrentBrowser me) => passkeys.Of(Owner(me).Id);

    /// <returns>JSON for <c>navigator.credentials.create</c>.</returns>
    /// <exception cref="AppException">VALIDATION_FAILED, NOT_FOUND.</exception>
    public Task<string> BeginAddingAsync(HttpContext context, string? name)
    {
        var user = Owner(context.Me());
        Check(name);
        return database.Read(tx => PasskeyStore.Count(tx, user.Id)) < Most ? ceremony.BeginAddingAsync(context, user) : throw PasskeyErrors.Full();
    }

    /// <exception cref="AppException">VALIDATION_FAILED, NOT_FOUND.</exception>
    public async Task AddAsync(HttpContext context, string? name, string? answer, CancellationToken cancellationToken)
    {
        var me = context.Me();
        var user = Owner(me);
        var called = Check(name);
        var made = await ceremony.FinishAddingAsync(context, user, answer) ?? throw PasskeyErrors.NotMade();
        await database.WriteAsync(
            me.Actor,
            tx =>
            {
                if (PasskeyStore.Count(tx, user.Id) >= Most)
                {
                    throw PasskeyErrors.Full();
                }

                if (!passkeys.Add(tx, user.Id, called, made))
                {
                    throw PasskeyErrors.NotMade();
                }

                tx.Audit(AuditEvents.PasskeyAdded, user.Subject, ("passkey", called));
            },
            cancellationToken);
    }

    /// <exception cref="AppException">NOT_FOUND, also for a passkey of somebody else.</exception>
    public Task RemoveAsync(CurrentBrowser me, string? id, CancellationToken cancellationToken) =>
        database.WriteAsync(
            me.Actor,
            tx =>
            {
                var name = PasskeyStore.Remove(tx, me.UserId, id ?? "") ?? throw WebErrors.NotFound("passkey");
                tx.Audit(AuditEvents.PasskeyRemoved, Subject.Self(tx, me.UserId), ("passkey", name));
            },
            cancellationToken);

    /// <returns>JSON for <c>navigator.credentials.get</c>.</returns>
    /// <exception cref="AppException">VALIDATION_FAILED, NOT_FOUND.</exception>
    public Task<string> BeginProvingAsync(HttpContext context) => ceremony.BeginUsingAsync(context, Owner(context.Me()));

    /// <summary>A fresh proof of who is there; see <see cref="Confirmation"/>.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED, NOT_FOUND.</exception>
    public async Task ProveAsync(HttpContext context, string? answer, CancellationToken cancellationToken)
    {
        var me = context.Me();
        var user = Owner(me);
        var proof = await ceremony.FinishUsingAsync(context, user, answer);
        var isProved = proof?.User.Id == user.Id && await database.WriteAsync(
            me.Actor,
            tx =>
            {
                if (!passkeys.Use(tx, user.Id, proof.Info))
                {
                    return false;
                }

                sessions.Confirm(tx, me.SessionId);
                tx.Audit(AuditEvents.SessionConfirmed, user.Subject);
                return true;
            },
            cancellationToken);
        if (!isProved)
        {
            await signIns.FailedAsync(user, me.Visitor, SignInWay.Passkey, CancellationToken.None);
            throw PasskeyErrors.NotYours();
        }
    }

    private static string Check(string? name)
    {
        var checks = new FieldChecks();
        var read = checks.Required<string>("name", name, TryParseName, $"At most {LongestName} characters.");
        checks.ThrowIfAny();
        return read;
    }

    private static bool TryParseName(string? text, out string name)
    {
        name = text ?? "";
        return name.Length is > 0 and <= LongestName && !name.Any(char.IsControl);
    }

    private User Owner(CurrentBrowser me) => users.FindLocalById(me.UserId)?.User ?? throw WebErrors.NotFound("passkey");
}
