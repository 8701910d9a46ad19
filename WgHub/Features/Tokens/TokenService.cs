using WgHub.Features.Audit;
using WgHub.Features.Labels;
using WgHub.Features.Leases;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Tokens;

/// <summary>Makes and revokes installation tokens.</summary>
internal sealed class TokenService(Database database, TokenStore tokens, LeaseStore leases, AuditLog audit, TimeProvider time)
{
    public const int DefaultHours = 24;
    public const int MaximumHours = 24 * 365;

    /// <summary>Makes a token and reserves its name and address in the same transaction.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED and all of <see cref="LeaseErrors"/>.</exception>
    public async Task<(Token Token, TokenSecret Secret)> CreateAsync(CreateToken request, Actor actor, CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        var name = checks.Required<SpokeName?>("spokeName", request.SpokeName, SpokeName.TryParse, SpokeName.Rule);
        var wish = checks.OptionalValue<uint>("customIP", request.CustomIP, Ipv4Network.TryParseAddress, "An IPv4 address such as 10.8.0.5.");
        var platform = checks.Optional<string>("platform", request.Platform, Platforms.TryParse, $"One of {string.Join(", ", Platforms.All)}.");
        var group = checks.Optional<string>("group", request.Group, Label.TryParseGroup, Label.GroupRule);
        var hours = checks.Range("expiresInHours", request.ExpiresInHours, 1, MaximumHours, DefaultHours);
        checks.ThrowIfAny();

        var secret = TokenSecret.New();
        var token = await database.WriteAsync(
            db =>
            {
                var now = time.GetUtcNow();
                var lease = leases.Reserve(db, Guid.CreateVersion7(now).ToString(), name!, wish, now.AddHours(hours));
                var made = new Token(
                    Guid.CreateVersion7(now).ToString(), lease.SpokeId, lease.Name, lease.Address, platform, group, actor.Name, now, now.AddHours(hours), null, null, null);
                tokens.Add(db, made, secret.Hash);
                audit.Append(db, actor, "token.created", made.Id, ("spokeName", made.SpokeName), ("address", made.Address), ("expiresAt", UtcText.Of(made.ExpiresAt)));
                return made;
            },
            cancellationToken);
        return (token, secret);
    }

    /// <summary>Revokes a token. One that was used stays used: its spoke lives on, and only its line no longer works.</summary>
    /// <exception cref="AppException">TOKEN_NOT_FOUND.</exception>
    public Task RevokeAsync(string id, Actor actor, CancellationToken cancellationToken) =>
        database.WriteAsync(
            db =>
            {
                var token = tokens.FindById(db, id) ?? throw TokenErrors.NotFound();
                if (token.RevokedAt is not null)
                {
                    return;
                }

                tokens.Revoke(db, token, time.GetUtcNow());
                audit.Append(db, actor, "token.revoked", id, ("spokeName", token.SpokeName));
            },
            cancellationToken);
}
