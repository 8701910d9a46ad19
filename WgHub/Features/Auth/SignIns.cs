using Microsoft.Data.Sqlite;
using WgHub.Features.Audit;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Auth;

/// <summary>The one place where a session begins, whatever way somebody came.</summary>
internal sealed class SignIns(Database database, UserStore users, SessionStore sessions, AuditLog audit, MasterKey masterKey, TimeProvider time)
{
    /// <param name="way">See <see cref="SignInWay"/>.</param>
    /// <param name="provider">For a session of an identity provider.</param>
    /// <returns>The session's key, for the cookie.</returns>
    public Task<string> BeginAsync(User user, string way, Visitor visitor, ProviderSession? provider, CancellationToken cancellationToken) =>
        database.WriteAsync(db => Begin(db, user, way, visitor, provider), cancellationToken);

    /// <inheritdoc cref="BeginAsync"/>
    /// <summary>Begins a session inside the caller's transaction.</summary>
    public string Begin(SqliteConnection db, User user, string way, Visitor visitor, ProviderSession? provider = null)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString();
        users.SignedIn(db, user.Id);
        audit.Append(db, new(user.ActorName, visitor.Address), "signin.succeeded", user.Id, ("way", way));
        return sessions.Begin(db, id, user.Id, way, visitor, provider, provider is null ? null : SealedColumns.IdToken.Seal(masterKey, id, new(provider.IdToken)));
    }

    /// <summary>Remembers a sign-in that failed.</summary>
    /// <param name="user">Null for a name that nobody has: it is not written down, people type passwords there.</param>
    public Task FailedAsync(User? user, Visitor visitor, string why, CancellationToken cancellationToken) =>
        database.WriteAsync(db => Failed(db, user, visitor, why), cancellationToken);

    /// <inheritdoc cref="FailedAsync"/>
    public void Failed(SqliteConnection db, User? user, Visitor visitor, string why) =>
        audit.Append(db, new(user?.ActorName ?? "anonymous", visitor.Address), "signin.failed", user?.Id, ("why", why));
}
