using System.Security.Cryptography;
using System.Text;
using WgHub.Hosting;

namespace WgHub.Features.Auth.Accounts;

/// <summary>How people sign in: by local accounts, by an identity provider (OpenID Connect), or both.</summary>
/// <param name="OidcEnabled">The provider is offered on the sign-in page; only after a test sign-in with these very settings.</param>
/// <param name="Issuer">The provider's address, compared to the letter; empty while there is none.</param>
/// <param name="ClientSecret">Null for a public client.</param>
/// <param name="TokenAuth">How the client proves itself: <c>auto</c>, <c>basic</c>, <c>post</c> or <c>none</c>.</param>
/// <param name="Scopes">Separated by spaces; <c>openid</c> is always asked for.</param>
/// <param name="RoleClaim">The claim whose values give the role.</param>
/// <param name="AdminValues">Matched exactly; one is enough, and the highest role wins.</param>
/// <param name="TestedFingerprint">See <see cref="Fingerprint"/>; of the settings that a test sign-in last succeeded with.</param>
internal sealed record SignInSettings(
    bool LocalSignIn,
    bool OidcEnabled,
    string Issuer,
    string ClientId,
    Secret? ClientSecret,
    string TokenAuth,
    string Scopes,
    string RoleClaim,
    IReadOnlyList<string> AdminValues,
    IReadOnlyList<string> OperatorValues,
    IReadOnlyList<string> ViewerValues,
    string? TestedFingerprint,
    DateTimeOffset? TestedAt)
{
    /// <summary>Before anybody changed them: local accounts alone.</summary>
    public static readonly SignInSettings Default = new(true, false, "", "", null, "auto", "openid profile email", "groups", [], [], [], null, null);

    /// <summary>True when there is a provider to ask.</summary>
    public bool HasProvider => Issuer.Length > 0 && ClientId.Length > 0;

    public bool IsTested => TestedFingerprint == Fingerprint();

    /// <summary>Changes with everything that a test sign-in proves.</summary>
    public string Fingerprint() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        '\0', [Issuer, ClientId, ClientSecret?.Reveal() ?? "", TokenAuth, Scopes, RoleClaim, "a", .. AdminValues, "o", .. OperatorValues, "v", .. ViewerValues]))));
}
