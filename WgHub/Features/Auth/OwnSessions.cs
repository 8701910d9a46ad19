using WgHub.Features.Audit;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth;

/// <summary>Ends the sessions of whoever is signed in.</summary>
internal sealed class OwnSessions(Database database, SessionStore sessions, AuditLog audit)
{
    /// <exception cref="AppException">NOT_FOUND, also for a session of somebody else.</exception>
    public Task EndAsync(CurrentBrowser me, string? sessionId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            db =>
            {
                if (!sessions.End(db, me.UserId, sessionId ?? ""))
                {
                    throw WebErrors.NotFound("session");
                }

                audit.Append(db, me.Actor, "session.ended", me.UserId, ("session", sessionId));
            },
            cancellationToken);

    public Task EndOthersAsync(CurrentBrowser me, CancellationToken cancellationToken) =>
        database.WriteAsync(
            db => audit.Append(db, me.Actor, "sessions.ended", me.UserId, ("count", $"{sessions.EndAll(db, me.UserId, me.SessionId)}")),
            cancellationToken);
}
