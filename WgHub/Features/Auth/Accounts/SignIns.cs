using WgHub.Features.Audit;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Auth.Accounts;

/// <summary>The one place where a session begins, whatever way somebody came.</summary>
internal sealed class SignIns(Database database, UserStore users, SessionStore sessions, SignInFailures failures, MasterKey masterKey)
{
    /// <param name="way">See <see cref="SignInWay"/>.</param>
    /// <param name="provider">For a session of an identity provider.</param>
    /// <returns>The session's key, for the cookie.</returns>
    public Task<SessionKey> BeginAsync(User user, string way, Visitor visitor, ProviderSession? provider, CancellationToken cancellationToken) =>
        database.WriteAsync(tx => Begin(tx, user, way, visitor, provider), cancellationToken);

    /// <inheritdoc cref="BeginAsync"/>
    /// <summary>Begins a session inside the caller's transaction.</summary>
    public SessionKey Begin(Tx tx, User user, string way, Visitor visitor, ProviderSession? provider = null)
    {
        var id = Guid.CreateVersion7(tx.Now).ToString();
        users.SignedIn(tx, user.Id);
        tx.As(new Actor(user.ActorName, visitor.Address)).Audit(AuditEvents.SignInSucceeded, user.Subject, ("way", way));
        return sessions.Begin(tx, id, user.Id, way, visitor, provider, provider is null ? null : SealedColumns.IdToken.Seal(masterKey, id, provider.IdToken));
    }

    /// <summary>Remembers a sign-in that failed; many are counted together.</summary>
    /// <param name="user">Null for a name that nobody has: it is not written down, people type passwords there.</param>
    public Task FailedAsync(User? user, Visitor visitor, string why, CancellationToken cancellationToken) =>
        database.WriteAsync(tx => Failed(tx, user, visitor, why), cancellationToken);

    /// <inheritdoc cref="FailedAsync"/>
    public void Failed(Tx tx, User? user, Visitor visitor, string why)
    {
        if (failures.Admit(user, why))
        {
            SignInFailures.Tell(tx, user, visitor.Address, ("why", why));
        }
    }
}
