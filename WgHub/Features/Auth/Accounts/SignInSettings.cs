using System.Security.Cryptography;
using System.Text;
using WgHub.Hosting;

namespace WgHub.Features.Auth.Accounts;

/// <summary>How people sign in: by local accounts, by an identity provider (OpenID Connect), or both.</summary>
internal sealed record SignInSettings
{
    /// <summary>Before anybody changed them: local accounts alone.</summary>
    public static readonly SignInSettings Default = new()
    {
        LocalSignIn = true,
        OidcEnabled = false,
        Issuer = "",
        ClientId = "",
        ClientSecret = null,
        TokenAuth = "auto",
        Scopes = "openid profile email",
        RoleClaim = "groups",
        AdminValues = [],
        OperatorValues = [],
        ViewerValues = [],
        TestedFingerprint = null,
        TestedAt = null,
    };

    public required bool LocalSignIn { get; init; }

    /// <summary>The provider is offered on the sign-in page; only after a test sign-in with these very settings.</summary>
    public required bool OidcEnabled { get; init; }

    /// <summary>The provider's address, compared to the letter; empty while there is none.</summary>
    public required string Issuer { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Null for a public client.</summary>
    public required Secret? ClientSecret { get; init; }

    /// <summary>How the client proves itself: <c>auto</c>, <c>basic</c>, <c>post</c> or <c>none</c>.</summary>
    public required string TokenAuth { get; init; }

    /// <summary>Separated by spaces; <c>openid</c> is always asked for.</summary>
    public required string Scopes { get; init; }

    /// <summary>The claim whose values give the role.</summary>
    public required string RoleClaim { get; init; }

    /// <summary>Matched exactly; one is enough, and the highest role wins.</summary>
    public required IReadOnlyList<string> AdminValues { get; init; }

    public required IReadOnlyList<string> OperatorValues { get; init; }

    public required IReadOnlyList<string> ViewerValues { get; init; }

    /// <summary>See <see cref="Fingerprint"/>; of the settings that a test sign-in last succeeded with.</summary>
    public required string? TestedFingerprint { get; init; }

    public required DateTimeOffset? TestedAt { get; init; }

    /// <summary>True when there is a provider to ask.</summary>
    public bool HasProvider => Issuer.Length > 0 && ClientId.Length > 0;

    public bool IsTested => TestedFingerprint == Fingerprint();

    /// <summary>Changes with everything that a test sign-in proves.</summary>
    public string Fingerprint() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        '\0', [Issuer, ClientId, ClientSecret?.Reveal() ?? "", TokenAuth, Scopes, RoleClaim, "a", .. AdminValues, "o", .. OperatorValues, "v", .. ViewerValues]))));
}
