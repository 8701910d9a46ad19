using Microsoft.Data.Sqlite;
using WgHub.Features.Audit;

namespace WgHub.Features.Auth.Oidc;

/// <summary>The accounts of a provider's people: made at their first sign-in, and brought up to date at each.</summary>
internal sealed class OidcAccounts(UserStore users, AuditLog audit, TimeProvider time)
{
    /// <summary>Inside the caller's transaction.</summary>
    /// <exception cref="OidcException">The account is switched off.</exception>
    public User Save(SqliteConnection db, OidcIdentity identity, string? address)
    {
        var now = time.GetUtcNow();
        var before = users.FindBySubject(db, identity.Issuer, identity.Subject);
        if (before is { Enabled: false })
        {
            throw new OidcException(OidcFailure.Disabled, "disabled", "The account is switched off.");
        }

        var user = new User(before?.Id ?? Guid.CreateVersion7(now).ToString(), identity.Name, identity.Role, true, identity.Issuer);
        var actor = new Actor(user.ActorName, address);
        if (before is null)
        {
            users.AddOfProvider(db, user, identity.Subject, now);
            audit.Append(db, actor, "user.created", user.Id, ("name", user.Name), ("role", user.Role), ("issuer", user.Issuer));
        }
        else if (before != user)
        {
            users.UpdateOfProvider(db, user);
            audit.Append(db, actor, "user.changed", user.Id, ("name", user.Name), ("nameBefore", before.Name), ("role", user.Role), ("roleBefore", before.Role));
        }

        return user;
    }
}
