using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Storage;

namespace WgHub.Features.Auth.Oidc;

/// <summary>Somebody has proved who they are: what follows depends on what they were sent for.</summary>
internal sealed class OidcArrivals(
    Database database, SignInSettingsStore store, OidcAccounts accounts, SignIns signIns, SessionStore sessions, OidcTestOutcomes outcomes, TimeProvider time)
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    /// <exception cref="OidcException">The account is switched off, or another one than has to confirm.</exception>
    public Task ArriveAsync(HttpContext context, OidcAttempt attempt, OidcIdentity identity) => attempt.Purpose switch
    {
        OidcPurpose.SignIn => SignInAsync(context, identity),
        OidcPurpose.Confirm => ConfirmAsync(context, attempt, identity),
        _ => KeepTestAsync(context, attempt, identity),
    };

    private async Task SignInAsync(HttpContext context, OidcIdentity identity)
    {
        var visitor = Visitor.Of(context);
        var key = await database.WriteAsync(
            tx => signIns.Begin(
                tx, accounts.Save(tx, identity, visitor.Address), SignInWay.Oidc, visitor, new(identity.Issuer, identity.SessionId, identity.IdToken)),
            context.RequestAborted);
        SessionCookie.Set(context, key);
    }

    private async Task ConfirmAsync(HttpContext context, OidcAttempt attempt, OidcIdentity identity)
    {
        // Asked with max_age, the provider must say when (OpenID Connect Core 2); without that it may have asked nobody anything.
        if (identity.ProvedAt is not { } proved || proved < attempt.At - Skew)
        {
            throw OidcException.Failed("not-proved-anew", "The provider did not ask anew who it is, or does not say when it did (auth_time).");
        }

        await database.WriteAsync(
            context.ToActor(),
            tx =>
            {
                var user = accounts.Save(tx, identity, Visitor.Of(context).Address);
                if (user.Id != context.User.UserId())
                {
                    throw OidcException.Failed("another-account", "Somebody else signed in at the provider than is signed in here.");
                }

                sessions.Confirm(tx, attempt.SessionId!);
                tx.Audit(AuditEvents.SessionConfirmed, user.Subject, ("way", SignInWay.Oidc));
            },
            context.RequestAborted);
    }

    private async Task KeepTestAsync(HttpContext context, OidcAttempt attempt, OidcIdentity identity)
    {
        var now = time.GetUtcNow();
        await database.WriteAsync(
            context.ToActor(),
            tx =>
            {
                var settings = store.Find(tx);
                if (settings.Fingerprint() == attempt.Fingerprint)
                {
                    store.Save(tx, settings with { TestedFingerprint = attempt.Fingerprint, TestedAt = now });
                    tx.Audit(AuditEvents.SettingsSignInTested, Subject.None, ("issuer", settings.Issuer));
                }
            },
            context.RequestAborted);
        outcomes.Keep(
            attempt.SessionId!,
            new(now, attempt.Fingerprint, null, identity.Name, identity.ClaimNames, identity.RoleValues, identity.Role)
            {
                UserInfoLeftOut = identity.UserInfoLeftOut,
            });
    }
}
