using System.Globalization;
using System.Text.RegularExpressions;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>Makes and revokes API tokens.</summary>
internal sealed partial class ApiTokenService(Database database, ApiTokenStore tokens, UserStore users, TimeProvider time)
{
    /// <summary>Makes a token for whoever may make any: a command on the machine.</summary>
    /// <param name="expires">Such as <c>30d</c>, <c>12h</c> or <c>90m</c>; null for never.</param>
    /// <returns>The secret: it is told this once.</returns>
    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public async Task<ApiTokenSecret> CreateAsync(string name, string role, string? expires, Actor actor, CancellationToken cancellationToken) =>
        (await CreateAsync(name, role, expires, Administrator.Cli with { Actor = actor }, cancellationToken)).Secret;

    /// <inheritdoc cref="CreateAsync(string, string, string?, Actor, CancellationToken)"/>
    /// <param name="by">Nobody gives more than they have.</param>
    public async Task<(ApiToken Token, ApiTokenSecret Secret)> CreateAsync(
        string? name, string? role, string? expires, Administrator by, CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        var checkedName = checks.Required<string>("name", name, TryParseName, "1 to 63 letters, digits, spaces, '.', '-' or '_'.");
        if (Roles.Rank(role) == 0)
        {
            checks.Fail("role", Roles.Rule);
        }

        var life = checks.OptionalValue<TimeSpan>("expires", expires, TryParseLife, "A time such as 30d, 12h or 90m.");
        checks.ThrowIfAny();

        var secret = ApiTokenSecret.New();
        var now = time.GetUtcNow();
        var token = new ApiToken
        {
            Id = Guid.CreateVersion7(now).ToString(),
            Name = checkedName,
            Role = role!,
            Hint = secret.Hint,
            CreatedBy = by.Actor.Name,
            UserId = by.UserId,
            CreatedAt = now,
            ExpiresAt = now + life,
            LastUsedAt = null,
            RevokedAt = null,
        };
        await database.WriteAsync(
            by.Actor,
            tx =>
            {
                // As the maker is now, and not as they were when the request came.
                if (by.UserId is { } id && users.Find(tx, id) is var maker && (maker is not { Enabled: true } || Roles.Rank(role) > Roles.Rank(maker.Role)))
                {
                    throw WebErrors.Invalid("role", "A token may not do more than you may.");
                }

                tokens.Add(tx, token, secret);
                tx.Audit(AuditEvents.ApiTokenCreated, token.Subject, ("role", token.Role));
            },
            cancellationToken);
        return (token, secret);
    }

    /// <exception cref="AppException">NOT_FOUND.</exception>
    public Task RevokeAsync(string id, Actor actor, CancellationToken cancellationToken) =>
        database.WriteAsync(
            actor,
            tx =>
            {
                var token = tokens.FindById(tx, id) ?? throw WebErrors.NotFound("API token");
                tokens.Revoke(tx, id);
                tx.Audit(AuditEvents.ApiTokenRevoked, token.Subject);
            },
            cancellationToken);

    private static bool TryParseName(string? text, out string name)
    {
        name = text ?? "";
        return NameShape().IsMatch(name);
    }

    private static bool TryParseLife(string? text, out TimeSpan life)
    {
        life = default;
        if (text is null || LifeShape().Match(text) is not { Success: true } match)
        {
            return false;
        }

        var number = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        life = match.Groups[2].Value switch { "d" => TimeSpan.FromDays(number), "h" => TimeSpan.FromHours(number), _ => TimeSpan.FromMinutes(number) };
        return number > 0;
    }

    [GeneratedRegex(@"\A([0-9]{1,5})([dhm])\z", RegexOptions.CultureInvariant)]
    private static partial Regex LifeShape();

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9 ._-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameShape();
}
