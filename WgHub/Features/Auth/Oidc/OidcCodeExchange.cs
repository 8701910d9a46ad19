using System.Text;
using System.Text.Json;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;

namespace WgHub.Features.Auth.Oidc;

/// <summary>Turns the code that the browser brought into an identity, by the hub's own calls to the provider.</summary>
internal sealed class OidcCodeExchange(OidcBackchannel backchannel, OidcProviderCache providers, TimeProvider time)
{
    /// <exception cref="OidcException">The provider does not answer, refuses, or its token is not to be believed.</exception>
    public async Task<OidcIdentity> RedeemAsync(
        SignInSettings settings, OidcProvider provider, Secret code, OidcAttempt attempt, Uri redirect, CancellationToken cancellationToken)
    {
        var answer = await AskForTokensAsync(settings, provider, code, attempt, redirect, cancellationToken);
        Secret idToken = answer.Text("id_token") ?? throw OidcException.Failed("token-missing", "The provider gave no id token. Is 'openid' among the scopes?");
        Secret? accessToken = answer.Text("access_token");
        var rules = new IdTokenRules(settings.Issuer, settings.ClientId, attempt.Nonce, accessToken, time.GetUtcNow());
        var claims = await providers.WithNewKeysAsync(provider, keys => IdTokenValidator.Validate(idToken.Reveal(), keys, rules), cancellationToken);
        var userInfo = provider.UserInfo is { } address && accessToken is not null
            ? await AskForUserAsync(address, accessToken, claims.Text("sub")!, cancellationToken)
            : (JsonElement?)null;
        return OidcIdentity.From(settings, idToken, claims, userInfo);
    }

    private async Task<JsonElement> AskForTokensAsync(
        SignInSettings settings, OidcProvider provider, Secret code, OidcAttempt attempt, Uri redirect, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code.Reveal(),
            ["redirect_uri"] = redirect.AbsoluteUri,
            ["code_verifier"] = attempt.Verifier,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, provider.Token);
        var secret = settings.ClientSecret?.Reveal();
        if (secret is not null && IsByHeader(settings, provider))
        {
            request.Headers.Authorization =
                new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{FormEncode(settings.ClientId)}:{FormEncode(secret)}")));
        }
        else
        {
            form["client_id"] = settings.ClientId;
            if (secret is not null && settings.TokenAuth != "none")
            {
                form["client_secret"] = secret;
            }
        }

        request.Content = new FormUrlEncodedContent(form);
        return await backchannel.SendAsync(request, "token answer", cancellationToken);
    }

    /// <summary>Some providers tell groups here alone. The answer must be about whom the token is about (OpenID Connect Core 5.3.2).</summary>
    private async Task<JsonElement> AskForUserAsync(Uri address, Secret accessToken, string subject, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (
            !accessToken.Reveal().All(c => c is > ' ' and <= '~')
                || !request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {accessToken.Reveal()}"))
        {
            throw OidcException.Failed("access-token", "The provider's access token does not fit into a header.");
        }

        var user = await backchannel.SendAsync(request, "user info", cancellationToken);
        return user.Text("sub") == subject ? user : throw OidcException.Failed("user-info-subject", "The provider's user info is about somebody else.");
    }

    private static bool IsByHeader(SignInSettings settings, OidcProvider provider) => settings.TokenAuth switch
    {
        "basic" => true,
        "auto" => provider.TokenAuth.Contains("client_secret_basic") || !provider.TokenAuth.Contains("client_secret_post"),
        _ => false,
    };

    /// <summary>As RFC 6749, 2.3.1 wants it before the base64.</summary>
    private static string FormEncode(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
