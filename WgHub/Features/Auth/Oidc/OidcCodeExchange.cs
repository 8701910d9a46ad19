using System.Text;
using System.Text.Json;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;

namespace WgHub.Features.Auth.Oidc;

/// <summary>Turns the code that the browser brought into an identity, by the hub's own calls to the provider.</summary>
internal sealed partial class OidcCodeExchange(
    OidcBackchannel backchannel, OidcProviderCache providers, TimeProvider time, ILogger<OidcCodeExchange> logger)
{
    private const string OtherSubject = "user-info-subject";

    /// <exception cref="OidcException">The provider does not answer, refuses, or its token is not to be believed.</exception>
    public async Task<OidcIdentity> RedeemAsync(
        SignInSettings settings, OidcProvider provider, Secret code, OidcAttempt attempt, Uri redirect, CancellationToken cancellationToken)
    {
        var answer = await AskForTokensAsync(settings, provider, code, attempt, redirect, cancellationToken);
        Secret idToken = answer.Text("id_token") ?? throw OidcException.Failed("token-missing", "The provider gave no id token. Is 'openid' among the scopes?");
        Secret? accessToken = answer.Text("access_token");
        var rules = new IdTokenRules(settings.Issuer, settings.ClientId, attempt.Nonce, accessToken, time.GetUtcNow());
        var claims = await providers.WithNewKeysAsync(provider, keys => IdTokenValidator.Validate(idToken.Reveal(), keys, rules), cancellationToken);
        var user = provider.UserInfo is { } address && accessToken is not null
            ? await AskForUserAsync(address, accessToken, claims.Text("sub")!, cancellationToken)
            : new(null, null);
        return OidcIdentity.From(settings, idToken, claims, user);
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

    /// <summary>
    /// Some providers tell groups here alone; at others it refuses whoever asks (AD FS), or is down. The id token has proved who it is: without
    /// an answer its claims are all there is. An answer must be about whom the token is about (OpenID Connect Core 5.3.2).
    /// </summary>
    private async Task<UserInfo> AskForUserAsync(Uri address, Secret accessToken, string subject, CancellationToken cancellationToken)
    {
        try
        {
            var user = await AskAsync(address, accessToken, cancellationToken);
            return user.Text("sub") is not { } about ? throw OidcException.Failed("user-info", "The provider's user info does not say whom it is about.")
                : about == subject ? new(user, null)
                : throw OidcException.Failed(OtherSubject, "The provider's user info is about somebody else.");
        }
        catch (OidcException exception) when (exception.Reason != OtherSubject)
        {
            LogLeftOut(exception.Message);
            return new(null, exception.Message);
        }
    }

    private async Task<JsonElement> AskAsync(Uri address, Secret accessToken, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (
            !accessToken.Reveal().All(c => c is > ' ' and <= '~')
                || !request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {accessToken.Reveal()}"))
        {
            throw OidcException.Failed("access-token", "The provider's access token does not fit into a header.");
        }

        return await backchannel.SendAsync(request, "user info", cancellationToken);
    }

    private static bool IsByHeader(SignInSettings settings, OidcProvider provider) => settings.TokenAuth switch
    {
        "basic" => true,
        "auto" => provider.TokenAuth.Contains("client_secret_basic") || !provider.TokenAuth.Contains("client_secret_post"),
        _ => false,
    };

    /// <summary>As RFC 6749, 2.3.1 wants it before the base64.</summary>
    private static string FormEncode(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The provider's user info is left out, and the claims of the id token count alone: {Why}")]
    private partial void LogLeftOut(string why);
}

/// <summary>What the user info endpoint tells.</summary>
/// <param name="Claims">Null when it was not asked, or told nothing that can be used.</param>
/// <param name="LeftOut">Why it told nothing; null when it was not asked.</param>
internal sealed record UserInfo(JsonElement? Claims, string? LeftOut);
