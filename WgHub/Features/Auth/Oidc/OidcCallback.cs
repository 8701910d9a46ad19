using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Auth.Oidc;

/// <summary>The browser comes back from the provider.</summary>
internal sealed partial class OidcCallback(
    SignInSettingsStore store, OidcProviderCache providers, OidcCodeExchange exchange, OidcArrivals arrivals, PublicUrl publicUrl, ILogger<OidcCallback> logger)
{
    private const int LongestCode = 4096;

    /// <exception cref="OidcException">Nobody is let in.</exception>
    public async Task AnswerAsync(HttpContext context, OidcAttempt attempt)
    {
        var settings = store.Current;
        if (settings.Fingerprint() != attempt.Fingerprint)
        {
            throw OidcException.Failed("settings-changed", "The settings have changed since this sign-in began.");
        }

        var provider = await providers.GetAsync(settings.Issuer, anew: false, context.RequestAborted);
        var code = CodeOf(context.Request.Query, provider);
        var identity =
            await exchange.RedeemAsync(settings, provider, code, attempt, OidcEndpoints.CallbackFor(publicUrl, context.Request), context.RequestAborted);
        await arrivals.ArriveAsync(context, attempt, identity);
        LogArrived(attempt.Purpose, identity.Name, identity.Role);
        context.GoTo(attempt.ReturnUrl);
    }

    private static Secret CodeOf(IQueryCollection query, OidcProvider provider)
    {
        // RFC 9207: an answer of another provider, sent here to have us give its code to ours.
        if (query["iss"] is var issuer && (issuer.Count > 0 || provider.NamesItself) && (issuer.Count != 1 || issuer[0] != provider.Issuer))
        {
            throw OidcException.Failed("answer-issuer", "The answer does not come from the provider that was asked.");
        }

        if (query["error"] is [{ } error, ..])
        {
            var what = Printable.Of(error, 50);
            throw what == "access_denied"
                ? new OidcException(OidcFailure.Denied, "denied", "The provider let nobody in: access_denied.")
                : OidcException.Failed("answer-error", $"The provider answers '{what}'.");
        }

        return query["code"] is [{ Length: > 0 and <= LongestCode } code]
            ? new(code)
            : throw OidcException.Failed("answer-code", "The provider's answer holds no code.");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The identity provider's {Purpose} succeeded: {Name} with the role {Role}.")]
    private partial void LogArrived(OidcPurpose purpose, string name, string role);
}
