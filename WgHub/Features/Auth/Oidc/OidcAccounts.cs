using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Storage;

namespace WgHub.Features.Auth.Oidc;

/// <summary>The accounts of a provider's people: made at their first sign-in, and brought up to date at each.</summary>
internal sealed class OidcAccounts(UserStore users, AllMadeBy made)
{
    /// <summary>Inside the caller's transaction.</summary>
    /// <exception cref="OidcException">The account is switched off.</exception>
    public User Save(Tx tx, OidcIdentity identity, string? address)
    {
        var now = tx.Now;
        var before = users.FindBySubject(tx, identity.Issuer, identity.Subject);
        if (before is { Enabled: false })
        {
            throw new OidcException(OidcFailure.Disabled, "disabled", "The account is switched off.");
        }

        var user = new User(before?.Id ?? Guid.CreateVersion7(now).ToString(), identity.Name, identity.Role, true, identity.Issuer);
        var actor = new Actor(user.ActorName, address);
        if (before is null)
        {
            users.AddOfProvider(tx, user, identity.Subject, now);
            tx.As(actor).Audit(AuditEvents.UserCreated, user.Subject, ("role", user.Role), ("issuer", user.Issuer));
        }
        else if (before != user)
        {
            users.UpdateOfProvider(tx, user);
            var ended = made.Revoke(tx.As(actor), user, user.Role);
            tx.As(actor).Audit(
                AuditEvents.UserChanged, user.Subject,
                [("nameBefore", before.Name), ("role", user.Role), ("roleBefore", before.Role), .. AllMadeBy.Told(ended)]);
        }

        return user;
    }
}
