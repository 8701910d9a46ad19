using WgHub.Features.Audit;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Accounts;

/// <summary>Ends the sessions of whoever is signed in.</summary>
internal sealed class OwnSessions(Database database, SessionStore sessions)
{
    /// <exception cref="AppException">NOT_FOUND, also for a session of somebody else.</exception>
    public Task EndAsync(CurrentBrowser me, string? sessionId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            me.Actor,
            tx =>
            {
                if (!sessions.End(tx, me.UserId, sessionId ?? ""))
                {
                    throw WebErrors.NotFound("session");
                }

                tx.Audit(AuditEvents.SessionEnded, Subject.Self(tx, me.UserId), ("session", sessionId));
            },
            cancellationToken);

    public Task EndOthersAsync(CurrentBrowser me, CancellationToken cancellationToken) =>
        database.WriteAsync(
            me.Actor,
            tx => tx.Audit(AuditEvents.SessionsEnded, Subject.Self(tx, me.UserId), ("count", $"{sessions.EndAll(tx, me.UserId, me.SessionId)}")),
            cancellationToken);
}
