using System.Text.Json;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Auth.Oidc;

/// <summary>Who signed in, as the provider tells it.</summary>
/// <param name="Subject">With the issuer it is the account; never the e-mail address, which moves from one person to another.</param>
/// <param name="Name">For people: printable, 63 characters at most.</param>
/// <param name="Role">By the settings' lists, or <see cref="User.NoRole"/>.</param>
/// <param name="ProvedAt">When the person last proved to the provider who they are; null when it does not say.</param>
internal sealed record OidcIdentity(
    string Issuer, string Subject, string Name, string Role, string? SessionId, Secret IdToken, DateTimeOffset? ProvedAt, IReadOnlyList<string> ClaimNames, IReadOnlyList<string> RoleValues)
{
    private const int LongestName = 63;
    private const int LongestSessionId = 255;

    public static OidcIdentity From(SignInSettings settings, Secret idToken, JsonElement claims, JsonElement? userInfo)
    {
        JsonElement[] sources = userInfo is { } info ? [claims, info] : [claims];
        var subject = claims.Text("sub")!;
        var values = sources.SelectMany(source => source.Texts(settings.RoleClaim)).ToHashSet(StringComparer.Ordinal);
        var names = sources.Select(source => source.Text("preferred_username")).Concat(sources.Select(source => source.Text("email")));
        return new(
            settings.Issuer,
            subject,
            names.Append(subject).Append("unnamed").Select(name => Printable.Of(name ?? "", LongestName)).First(name => name.Length > 0),
            RoleOf(settings, values),
            claims.Text("sid") is { Length: > 0 and <= LongestSessionId } session ? session : null,
            idToken,
            claims.Time("auth_time"),
            [.. sources.SelectMany(source => source.EnumerateObject()).Select(claim => claim.Name).Distinct().Order(StringComparer.Ordinal)],
            [.. values.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Exact, letter by letter: <c>admins-not</c> is not <c>admins</c>. The highest role wins.</summary>
    private static string RoleOf(SignInSettings settings, HashSet<string> values) =>
        settings.AdminValues.Any(values.Contains) ? Roles.Admin
        : settings.OperatorValues.Any(values.Contains) ? Roles.Operator
        : settings.ViewerValues.Any(values.Contains) ? Roles.Viewer
        : User.NoRole;
}
