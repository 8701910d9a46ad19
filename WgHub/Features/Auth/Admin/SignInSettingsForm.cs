using System.Text.RegularExpressions;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>What an administrator writes about the identity provider, as fields of a page.</summary>
internal sealed partial class SignInSettingsForm
{
    public const int LongestIssuer = 500;
    public const int LongestText = 200;
    public const int LongestSecret = 500;
    private const int MostValues = 50;

    public static readonly IReadOnlyList<string> TokenAuths = ["auto", "basic", "post", "none"];

    public string? Issuer { get; set; }

    public string? ClientId { get; set; }

    /// <summary>Never shown again; empty keeps the one there is.</summary>
    public Secret? ClientSecret { get; set; }

    public bool RemoveSecret { get; set; }

    public string? TokenAuth { get; set; }

    public string? Scopes { get; set; }

    public string? RoleClaim { get; set; }

    /// <summary>One a line.</summary>
    public string? AdminValues { get; set; }

    public string? OperatorValues { get; set; }

    public string? ViewerValues { get; set; }

    public static SignInSettingsForm From(SignInSettings settings) => new()
    {
        Issuer = settings.Issuer,
        ClientId = settings.ClientId,
        TokenAuth = settings.TokenAuth,
        Scopes = settings.Scopes,
        RoleClaim = settings.RoleClaim,
        AdminValues = string.Join('\n', settings.AdminValues),
        OperatorValues = string.Join('\n', settings.OperatorValues),
        ViewerValues = string.Join('\n', settings.ViewerValues),
    };

    /// <summary>The settings with this provider in place of theirs; issuer and client id both empty take it away.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public SignInSettings Change(SignInSettings before)
    {
        if (string.IsNullOrWhiteSpace(Issuer) && string.IsNullOrWhiteSpace(ClientId))
        {
            return SignInSettings.Default with { LocalSignIn = before.LocalSignIn };
        }

        var checks = new FieldChecks();
        var after = before with
        {
            Issuer =
                checks.Required<string>(
                    "issuer", Issuer, TryParseIssuer,
                    "An https address without user, query or fragment, exactly as the provider writes it; http is for this machine itself."),
            ClientId = checks.Required<string>("clientId", ClientId, TryParseText, $"At most {LongestText} printable characters."),
            TokenAuth = checks.Required<string>("tokenAuth", TokenAuth, TryParseTokenAuth, $"One of {string.Join(", ", TokenAuths)}."),
            Scopes = checks.Required<string>("scopes", Scopes, TryParseScopes, "Words with spaces between them, openid among them."),
            RoleClaim = checks.Required<string>("roleClaim", RoleClaim, TryParseText, "The name of a claim, such as groups or roles."),
            AdminValues = Values(checks, "adminValues", AdminValues),
            OperatorValues = Values(checks, "operatorValues", OperatorValues),
            ViewerValues = Values(checks, "viewerValues", ViewerValues),
        };
        after = after with { ClientSecret = Secret(checks, before, after) };
        checks.ThrowIfAny();
        return after;
    }

    /// <summary>A secret stays with the client that it was given for: else whoever may write here could have it sent to a provider of their own.</summary>
    private Secret? Secret(FieldChecks checks, SignInSettings before, SignInSettings after)
    {
        if (RemoveSecret)
        {
            return null;
        }

        if (ClientSecret is { Length: > 0 } given)
        {
            return checks.Required<Secret>("clientSecret", given.Reveal(), TryParseSecret, $"At most {LongestSecret} printable characters without spaces.");
        }

        if (before.ClientSecret is not null && (after.Issuer != before.Issuer || after.ClientId != before.ClientId))
        {
            checks.Fail("clientSecret", "The secret that is kept belongs to the client before. Enter this client's, or remove it.");
        }

        return before.ClientSecret;
    }

    private static string[] Values(FieldChecks checks, string field, string? text)
    {
        var values = (text ?? "")
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        if (values.Length > MostValues || !values.All(value => TryParseText(value, out _)))
        {
            checks.Fail(field, $"One a line, at most {MostValues} of at most {LongestText} printable characters.");
        }

        return values;
    }

    /// <summary>It is kept as it was typed: what the provider says of itself must be the same to the letter.</summary>
    private static bool TryParseIssuer(string? text, out string issuer)
    {
        issuer = text ?? "";
        return issuer.Length <= LongestIssuer && IssuerShape().IsMatch(issuer) && Uri.TryCreate(issuer, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));
    }

    private static bool TryParseText(string? text, out string value)
    {
        value = text ?? "";
        return value.Length <= LongestText && !value.Any(char.IsControl);
    }

    private static bool TryParseSecret(string? text, out Secret secret)
    {
        secret = new(text ?? "");
        return secret.Length <= LongestSecret && secret.Reveal().All(c => c is > ' ' and <= '~');
    }

    private static bool TryParseTokenAuth(string? text, out string way)
    {
        way = text ?? "";
        return TokenAuths.Contains(way);
    }

    private static bool TryParseScopes(string? text, out string scopes)
    {
        scopes = string.Join(' ', (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return scopes.Length <= LongestText && ScopesShape().IsMatch(scopes) && scopes.Split(' ').Contains("openid");
    }

    [GeneratedRegex(@"\Ahttps?://[^/\\?#@\s\p{C}]+(/[^\\?#@\s\p{C}]*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex IssuerShape();

    // RFC 6749, section 3.3.
    [GeneratedRegex(@"\A[\x21\x23-\x5B\x5D-\x7E]+( [\x21\x23-\x5B\x5D-\x7E]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex ScopesShape();
}
