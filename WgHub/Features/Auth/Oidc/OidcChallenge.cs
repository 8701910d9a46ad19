using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Auth.Oidc;

/// <summary>What somebody is sent to the identity provider for.</summary>
internal enum OidcPurpose
{
    SignIn,

    /// <summary>An administrator tries the saved settings: nobody is signed in, <see cref="OidcTestOutcomes"/> tells what came of it.</summary>
    Test,

    /// <summary>Whoever has a session proves anew who they are.</summary>
    Confirm,
}

/// <summary>Sends a browser to the identity provider.</summary>
internal sealed class OidcChallenge(SignInSettingsStore store, OidcProviderCache providers, OidcAttempts attempts, OidcRefusals refusals, PublicUrl publicUrl)
{
    private const int LongestReturnUrl = 1000;

    /// <summary>
    /// Writes the whole answer: a page that leads to the provider (for htmx a header), or one back with the reason of a failure:
    /// to <c>/signin?error=CODE</c>, to <c>/confirm?error=CODE</c>, or for a test to <paramref name="returnUrl"/>, where the outcome is shown.
    /// A page's handler returns an <see cref="Microsoft.AspNetCore.Mvc.EmptyResult"/> after it. The caller has checked antiforgery and role.
    /// </summary>
    /// <param name="returnUrl">Where to go in the end; one that leads away from this hub becomes the dashboard.</param>
    /// <exception cref="AppException">NOT_SIGNED_IN: a test or a confirmation belongs to a session.</exception>
    public async Task StartAsync(HttpContext context, OidcPurpose purpose, string? returnUrl)
    {
        if (purpose != OidcPurpose.SignIn && context.User.SessionId() is null)
        {
            throw AuthErrors.NotSignedIn();
        }

        var settings = store.Current;
        var destination = IsOurs(returnUrl) ? returnUrl! : "/";
        try
        {
            if (!settings.HasProvider || (purpose == OidcPurpose.SignIn && !settings.OidcEnabled))
            {
                throw OidcException.Failed("not-set-up", "There is no identity provider to sign in by.");
            }

            var redirect = OidcEndpoints.CallbackFor(publicUrl, context.Request);
            var provider = await providers.GetAsync(settings.Issuer, anew: purpose == OidcPurpose.Test, context.RequestAborted);
            var attempt = attempts.Begin(context, purpose, destination, settings.Fingerprint());
            await LeavePage.WriteAsync(context, AddressOf(settings, provider, attempt, redirect));
        }
        catch (OidcException exception)
        {
            await refusals.AnswerAsync(context, purpose, destination, settings.Fingerprint(), exception);
        }
    }

    private static string AddressOf(SignInSettings settings, OidcProvider provider, OidcAttempt attempt, Uri redirect)
    {
        Dictionary<string, string?> query = new()
        {
            ["response_type"] = "code",
            ["client_id"] = settings.ClientId,
            ["redirect_uri"] = redirect.AbsoluteUri,
            ["scope"] = string.Join(' ', settings.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Prepend("openid").Distinct()),
            ["state"] = attempt.State,
            ["nonce"] = attempt.Nonce,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(attempt.Verifier))),
            ["code_challenge_method"] = "S256",
        };
        if (attempt.Purpose == OidcPurpose.Confirm)
        {
            query["prompt"] = "login";
            query["max_age"] = "0";
        }

        return QueryHelpers.AddQueryString(provider.Authorization.AbsoluteUri, query);
    }

    /// <summary>A path of this hub. A browser takes <c>//host</c> and <c>/\host</c> for another one.</summary>
    private static bool IsOurs(string? url) =>
        url is ['/', ..] and not ['/', '/' or '\\', ..] && url.Length <= LongestReturnUrl && url.All(c => c is > ' ' and <= '~');
}
