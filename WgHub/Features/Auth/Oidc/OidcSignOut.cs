using Microsoft.AspNetCore.WebUtilities;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Auth.Oidc;

/// <summary>Signing out at the provider too, after the session here has ended (OpenID Connect RP-Initiated Logout 1.0).</summary>
internal sealed class OidcSignOut(SignInSettingsStore store, SessionStore sessions, OidcProviderCache providers, MasterKey masterKey, PublicUrl publicUrl)
{
    /// <summary>To be asked before the session ends, for it knows the id token.</summary>
    /// <returns>Where the browser signs out; null when the session is none of the provider's, or the provider knows no signing out, or does not answer.</returns>
    public async Task<string?> AddressAsync(HttpContext context, string sessionId)
    {
        var settings = store.Current;
        if (sessions.FindProvider(sessionId) is not { } session || session.Issuer != settings.Issuer)
        {
            return null;
        }

        try
        {
            var provider = await providers.GetAsync(settings.Issuer, anew: false, context.RequestAborted);
            return provider.EndSession is not { } address ? null : QueryHelpers.AddQueryString(address.AbsoluteUri, new Dictionary<string, string?>
            {
                ["id_token_hint"] = masterKey.Open(session.SealedIdToken, SessionStore.IdTokenIdentity(sessionId)),
                ["client_id"] = settings.ClientId,
                ["post_logout_redirect_uri"] = OidcEndpoints.SignedOutFor(publicUrl, context.Request).AbsoluteUri,
            });
        }
        catch (OidcException)
        {
            return null;
        }
    }
}
