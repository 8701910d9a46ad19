using WgHub.Hosting;

namespace WgHub.Features.Auth.Accounts;

/// <summary>How somebody proved who they are; the words of the column <c>sessions.way</c>.</summary>
internal static class SignInWay
{
    public const string Password = "password";
    public const string Totp = "totp";
    public const string Recovery = "recovery";
    public const string Passkey = "passkey";
    public const string Oidc = "oidc";
}

/// <summary>A browser that is signed in.</summary>
/// <param name="Id">Names it in lists; it opens nothing.</param>
/// <param name="Way">See <see cref="SignInWay"/>.</param>
/// <param name="ConfirmedAt">When its owner last proved who they are.</param>
internal sealed record Session(
    string Id, User User, string Way, string? Address, string UserAgent, DateTimeOffset CreatedAt, DateTimeOffset ConfirmedAt, DateTimeOffset ExpiresAt);

/// <summary>What a session of an identity provider remembers of it.</summary>
/// <param name="SessionId">Its <c>sid</c>: the provider ends the session by it.</param>
/// <param name="IdToken">A hint for signing out there; kept under the master key.</param>
internal sealed record ProviderSession(string Issuer, string? SessionId, Secret IdToken);
