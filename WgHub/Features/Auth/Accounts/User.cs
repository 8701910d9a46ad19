using WgHub.Features.Audit;
using WgHub.Hosting;

namespace WgHub.Features.Auth.Accounts;

/// <summary>An account: a local one, or one of an identity provider.</summary>
/// <param name="Name">Unique among the local accounts; of an identity provider's it is for people only.</param>
/// <param name="Role">One of <see cref="Web.Roles"/>, or <c>none</c>: signed in, and let into nothing.</param>
/// <param name="Issuer">The identity provider; null for a local account.</param>
internal sealed record User(string Id, string Name, string Role, bool Enabled, string? Issuer = null)
{
    /// <summary>The role of an account that no rule of the identity provider's gives one.</summary>
    public const string NoRole = "none";

    /// <summary>As the audit log has it.</summary>
    public Subject Subject => new(Id, Name);

    public bool IsLocal => Issuer is null;

    /// <summary>What people call an identity provider: its host.</summary>
    public static string ProviderName(string issuer) => Uri.TryCreate(issuer, UriKind.Absolute, out var url) ? url.Host : issuer;

    /// <summary>As the audit log names it: two accounts of one name, here and there, are told apart.</summary>
    public string ActorName => IsLocal ? $"user:{Name}" : $"oidc:{Name}";
}

/// <summary>A local account with what its owner proves it by.</summary>
/// <param name="FailedTries">In a row, from anywhere, since somebody last signed in to it.</param>
internal sealed record LocalAccount(User User, Secret? PasswordHash, int FailedTries)
{
    /// <summary>Names the password without telling it: another one has another mark.</summary>
    public string PasswordMark => MarkOf(PasswordHash);

    public static string MarkOf(Secret? passwordHash) => Hashes.Of(passwordHash?.Reveal() ?? "");
}
