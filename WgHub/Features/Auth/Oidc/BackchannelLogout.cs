using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Oidc;

/// <summary>The provider tells that somebody has signed out there, or was thrown out.</summary>
internal sealed partial class BackchannelLogout(
    SignInSettingsStore store, OidcProviderCache providers, Database database, UserStore users, SessionStore sessions, TimeProvider time,
    ILogger<BackchannelLogout> logger)
{
    /// <summary>For all callers together: it is one provider that calls.</summary>
    private readonly SharedLimiter _calls = new(60, TimeSpan.FromMinutes(1), time);

    /// <summary>Longer than a token is young enough to be taken.</summary>
    private readonly OnceOnly _taken = new(TimeSpan.FromMinutes(15), time);

    /// <exception cref="AppException">RATE_LIMITED.</exception>
    public void TakeCall()
    {
        if (!_calls.TryTake(out var retryAfter))
        {
            throw WebErrors.RateLimited(retryAfter);
        }
    }

    /// <exception cref="OidcException">The token is not to be believed, or came already.</exception>
    public async Task EndAsync(string token, string? address, CancellationToken cancellationToken)
    {
        var settings = store.Current;
        if (!settings.HasProvider)
        {
            throw OidcException.Failed("not-set-up", "There is no identity provider.");
        }

        var provider = await providers.GetAsync(settings.Issuer, anew: false, cancellationToken);
        var now = time.GetUtcNow();
        var logout =
            await providers.WithNewKeysAsync(provider, keys => LogoutToken.Validate(token, keys, settings.Issuer, settings.ClientId, now), cancellationToken);
        if (!_taken.TryUse(logout.Id))
        {
            throw OidcException.Failed("logout-replayed", "This logout token came before.");
        }

        var ended = await database.WriteAsync(
            new Actor("provider", address),
            tx =>
            {
                var count = logout.SessionId is { } session ? sessions.EndOfProvider(tx, settings.Issuer, session)
                    : users.FindBySubject(tx, settings.Issuer, logout.Subject!) is { } user ? sessions.EndAll(tx, user.Id)
                    : 0;
                if (count > 0)
                {
                    tx.Audit(AuditEvents.SessionsEnded, Subject.None, ("issuer", settings.Issuer), ("count", $"{count}"));
                }

                return count;
            },
            cancellationToken);
        LogEnded(ended);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The identity provider ended {Count} sessions.")]
    private partial void LogEnded(int count);
}
