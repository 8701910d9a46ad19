using System.Globalization;
using System.Text.RegularExpressions;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>Makes and revokes API tokens.</summary>
internal sealed partial class ApiTokenService(Database database, ApiTokenStore tokens, TimeProvider time)
{
    /// <summary>Makes a token for whoever may make any.</summary>
    /// <param name="expires">Such as <c>30d</c>, <c>12h</c> or <c>90m</c>; null for never.</param>
    /// <returns>The secret: it is told this once.</returns>
    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public async Task<ApiTokenSecret> CreateAsync(string name, string role, string? expires, Actor actor, CancellationToken cancellationToken) =>
        (await CreateAsync(name, role, expires, Roles.Admin, actor, cancellationToken)).Secret;

    /// <inheritdoc cref="CreateAsync(string, string, string?, Actor, CancellationToken)"/>
    /// <param name="highestRole">The maker's own: nobody gives more than they have.</param>
    public async Task<(ApiToken Token, ApiTokenSecret Secret)> CreateAsync(
        string? name, string? role, string? expires, string? highestRole, Actor actor, CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        var checkedName = checks.Required<string>("name", name, TryParseName, "1 to 63 letters, digits, spaces, '.', '-' or '_'.");
        if (Roles.Rank(role) == 0)
        {
            checks.Fail("role", Roles.Rule);
        }
        else if (Roles.Rank(role) > Roles.Rank(highestRole))
        {
            checks.Fail("role", "A token may not do more than you may.");
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
            CreatedBy = actor.Name,
            CreatedAt = now,
            ExpiresAt = now + life,
            LastUsedAt = null,
            RevokedAt = null,
        };
        await database.WriteAsync(
            actor,
            tx =>
            {
                tokens.Add(tx, token, secret);
                tx.Audit(AuditEvents.ApiTokenCreated, token.Id, ("name", token.Name), ("role", token.Role));
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
                if (!tokens.Revoke(tx, id))
                {
                    throw WebErrors.NotFound("API token");
                }

                tx.Audit(AuditEvents.ApiTokenRevoked, id);
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
