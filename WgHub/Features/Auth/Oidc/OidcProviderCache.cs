using System.Security.Cryptography;

namespace WgHub.Features.Auth.Oidc;

/// <summary>
/// Asks a provider about itself once an hour. While it does not answer, what it said last serves for a day; it is asked
/// again after ever longer pauses, by one caller at a time.
/// </summary>
internal sealed class OidcProviderCache(OidcBackchannel backchannel, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan UsableFor = TimeSpan.FromHours(24);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan KeyPause = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Known? _known;

    /// <param name="anew">Ask now, whatever is known: for whoever has just changed the settings and tests them.</param>
    /// <exception cref="OidcException">It cannot be reached, or what it says cannot be used.</exception>
    public async Task<OidcProvider> GetAsync(string issuer, bool anew, CancellationToken cancellationToken)
    {
        if (!anew && _known is { } known && known.Issuer == issuer)
        {
            if (known.IsFresh(time.GetUtcNow()))
            {
                return known.Provider!;
            }

            // Somebody is asking already: whoever can do with what is known does not wait.
            if (_turn.CurrentCount == 0 && known.IsUsable(time.GetUtcNow()))
            {
                return known.Provider!;
            }
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            known = _known?.Issuer == issuer ? _known : new(issuer);
            var now = time.GetUtcNow();
            if (anew || (!known.IsFresh(now) && now >= known.NextTry))
            {
                known = await AskAsync(known);
                _known = known;
            }

            return (anew ? known.Failure is null : known.IsUsable(now)) ? known.Provider! : throw Again(known.Failure!);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Checks a token; when a key is missing, once more with the provider's new keys.</summary>
    /// <exception cref="OidcException">The token is not to be believed.</exception>
    public async Task<T> WithNewKeysAsync<T>(OidcProvider provider, Func<JsonWebKeys, T> check, CancellationToken cancellationToken)
    {
        try
        {
            return check(provider.Keys);
        }
        catch (OidcException exception) when (exception.MayBeNewKey)
        {
            if (await FindNewKeysAsync(provider, cancellationToken) is { } newer)
            {
                return check(newer.Keys);
            }

            throw;
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>
    /// A token is signed by a key that <paramref name="seen"/> has not. The provider is asked once a minute at most, however many such tokens
    /// come.
    /// </summary>
    /// <returns>Null when there is nothing new.</returns>
    private async Task<OidcProvider?> FindNewKeysAsync(OidcProvider seen, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if (_known is { } known && known.Issuer == seen.Issuer && ReferenceEquals(known.Provider, seen) && now >= known.NextKeys)
            {
                _known = await AskAsync(known with { NextKeys = now + KeyPause });
            }

            return _known is { Provider: { } provider } && provider.Issuer == seen.Issuer && !ReferenceEquals(provider, seen) ? provider : null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Not given up with the one browser that began it: others wait for the same answer, and each call has its time limit.</summary>
    private async Task<Known> AskAsync(Known known)
    {
        try
        {
            if (!ProviderUrl.IsIssuer(known.Issuer))
            {
                throw OidcException.Failed("issuer-address", "The issuer is not an https address.");
            }

            var provider =
                OidcProvider.Parse(
                    await backchannel.GetAsync(OidcProvider.DiscoveryOf(known.Issuer), "discovery document", CancellationToken.None), known.Issuer);
            var keys = JsonWebKeys.Parse(await backchannel.GetAsync(provider.KeySet, "key set", CancellationToken.None))
                ?? throw OidcException.Failed("key-set", "The provider's key set holds no keys.");
            return known with { Provider = provider with { Keys = keys }, At = time.GetUtcNow(), Failures = 0, Failure = null, NextTry = default };
        }
        catch (OidcException exception)
        {
            var pause =
                TimeSpan.FromSeconds(
                    Math.Min(0.5 * Math.Pow(2, known.Failures), LongestPause.TotalSeconds)) * (RandomNumberGenerator.GetInt32(80, 121) / 100.0);
            return known with { Failures = known.Failures + 1, Failure = exception, NextTry = time.GetUtcNow() + pause };
        }
    }

    /// <summary>One exception is not thrown to many callers.</summary>
    private static OidcException Again(OidcException failure) => new(failure.Code, failure.Reason, failure.Message, failure);

    /// <param name="At">When <paramref name="Provider"/> said so.</param>
    private sealed record Known(
        string Issuer, OidcProvider? Provider = null, DateTimeOffset At = default, int Failures = 0, OidcException? Failure = null,
        DateTimeOffset NextTry = default, DateTimeOffset NextKeys = default)
    {
        public bool IsFresh(DateTimeOffset now) => Provider is not null && now < At + FreshFor;

        public bool IsUsable(DateTimeOffset now) => Provider is not null && now < At + UsableFor;
    }
}
