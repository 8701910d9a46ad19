using System.Text.Json;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Auth.Oidc;

/// <summary>Who signed in, as the provider tells it.</summary>
internal sealed record OidcIdentity
{
    private const int LongestName = 63;
    private const int LongestSessionId = 255;

    public required string Issuer { get; init; }

    /// <summary>With the issuer it is the account; never the e-mail address, which moves from one person to another.</summary>
    public required string Subject { get; init; }

    /// <summary>For people: printable, 63 characters at most.</summary>
    public required string Name { get; init; }

    /// <summary>By the settings' lists, or <see cref="User.NoRole"/>.</summary>
    public required string Role { get; init; }

    public required string? SessionId { get; init; }

    public required Secret IdToken { get; init; }

    /// <summary>When the person last proved to the provider who they are; null when it does not say.</summary>
    public required DateTimeOffset? ProvedAt { get; init; }

    public required IReadOnlyList<string> ClaimNames { get; init; }

    /// <summary>Null when the provider sent no such claim.</summary>
    public required IReadOnlyList<string>? RoleValues { get; init; }

    /// <summary>Why the provider's user info counts for nothing; null when it does, or was not asked.</summary>
    public required string? UserInfoLeftOut { get; init; }

    public static OidcIdentity From(SignInSettings settings, Secret idToken, JsonElement claims, UserInfo user)
    {
        JsonElement[] sources = user.Claims is { } info ? [claims, info] : [claims];
        var subject = claims.Text("sub")!;
        var sent = sources.Select(source => RoleClaim.ValuesOf(source, settings.RoleClaim)).OfType<IReadOnlyList<string>>().ToList();
        var values = sent.SelectMany(source => source).ToHashSet(StringComparer.Ordinal);
        var names = sources.Select(source => source.Text("preferred_username")).Concat(sources.Select(source => source.Text("email")));
        return new()
        {
            Issuer = settings.Issuer,
            Subject = subject,
            Name = names.Append(subject).Append("unnamed").Select(name => Printable.Of(name ?? "", LongestName)).First(name => name.Length > 0),
            Role = RoleOf(settings, values),
            SessionId = claims.Text("sid") is { Length: > 0 and <= LongestSessionId } session ? session : null,
            IdToken = idToken,
            ProvedAt = claims.Time("auth_time"),
            ClaimNames = [.. sources.SelectMany(source => source.EnumerateObject()).Select(claim => claim.Name).Distinct().Order(StringComparer.Ordinal)],
            RoleValues = sent.Count == 0 ? null : [.. values.Order(StringComparer.Ordinal)],
            UserInfoLeftOut = user.LeftOut,
        };
    }

    /// <summary>Exact, letter by letter: <c>admins-not</c> is not <c>admins</c>. The highest role wins.</summary>
    private static string RoleOf(SignInSettings settings, HashSet<string> values) =>
        settings.AdminValues.Any(values.Contains) ? Roles.Admin
        : settings.OperatorValues.Any(values.Contains) ? Roles.Operator
        : settings.ViewerValues.Any(values.Contains) ? Roles.Viewer
        : User.NoRole;
}
