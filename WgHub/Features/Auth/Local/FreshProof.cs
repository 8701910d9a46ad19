using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Local;

/// <summary>Proves anew who sits before a browser that is signed in; see <see cref="Confirmation"/>.</summary>
internal sealed class FreshProof(
    Database database, OwnPassword ownPassword, SecondFactor secondFactor, SessionStore sessions, SignInBackOff backOff, SignIns signIns)
{
    public bool NeedsCode(string userId) => database.Read(tx => SecondFactor.IsOn(tx, userId));

    /// <exception cref="AppException">VALIDATION_FAILED when one of them is wrong, RATE_LIMITED, NOT_FOUND for an account without a password.</exception>
    public async Task GiveAsync(CurrentBrowser me, Secret? password, Secret? code, CancellationToken cancellationToken)
    {
        var user = await ownPassword.ProveAsync(me, password, cancellationToken);
        var isProved = await database.WriteAsync(
            me.Actor,
            tx =>
            {
                if (SecondFactor.IsOn(tx, user.Id) && secondFactor.Take(tx, user, code) is null)
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
            await signIns.FailedAsync(user, me.Visitor, "code", CancellationToken.None);
            throw AuthErrors.WrongCode();
        }

        backOff.Forget(Guesser.In(me));
    }
}
