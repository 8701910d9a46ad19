using Microsoft.AspNetCore.WebUtilities;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Oidc;

/// <summary>Signing out at the provider too, after the session here has ended (OpenID Connect RP-Initiated Logout 1.0).</summary>
internal sealed class OidcSignOut(SignInSettingsStore store, OidcProviderCache providers, MasterKey masterKey, PublicUrl publicUrl)
{
    /// <returns>Where the browser signs out; null when the provider is another by now, knows no signing out, or does not answer.</returns>
    public async Task<string?> AddressAsync(HttpContext context, SealedProviderSession session)
    {
        var settings = store.Current;
        if (session.Issuer != settings.Issuer)
        {
            return null;
        }

        try
        {
            var provider = await providers.GetAsync(settings.Issuer, anew: false, context.RequestAborted);
            return provider.EndSession is not { } address ? null : QueryHelpers.AddQueryString(address.AbsoluteUri, new Dictionary<string, string?>
            {
                ["id_token_hint"] = SealedColumns.IdToken.Open(masterKey, session.Id, session.SealedIdToken).Reveal(),
                ["client_id"] = settings.ClientId,
                ["post_logout_redirect_uri"] = OidcEndpoints.SignedOutFor(publicUrl, context.Request).AbsoluteUri,
            });
        }
        catch (Exception exception) when (exception is OidcException or StorageException)
        {
            return null; // the session here has ended, and that is what matters
        }
    }
}
