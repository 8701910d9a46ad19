using Microsoft.Data.Sqlite;
using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Storage;
using WgHub.Web;

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
        var wish = TokenWish.From(request);
        return await database.WriteAsync(db => Create(db, wish, actor), cancellationToken);
    }

    /// <summary>The same inside the caller's transaction.</summary>
    /// <exception cref="AppException">All of <see cref="LeaseErrors"/>.</exception>
    public (Token Token, TokenSecret Secret) Create(SqliteConnection db, TokenWish wish, Actor actor)
    {
        var (secret, now) = (TokenSecret.New(), time.GetUtcNow());
        if (wish.SpokeExpiresAt <= now)
        {
            throw WebErrors.Invalid("spokeExpiresAt", "A time to come.");
        }

        // Nobody can use what is left of a token after the end of its spoke.
        var ends = wish.SpokeExpiresAt is { } end && end < now.AddHours(wish.Hours) ? end : now.AddHours(wish.Hours);
        var lease = leases.Reserve(db, Guid.CreateVersion7(now).ToString(), wish.Name, wish.Address, ends);
        var made = new Token(Guid.CreateVersion7(now).ToString(), lease.SpokeId, lease.Name, lease.Address, wish.Platform, wish.Group, actor.Name, now, ends, null, null, null)
        {
            Owner = wish.Owner,
            Tags = wish.Tags,
            SpokeExpiresAt = wish.SpokeExpiresAt,
        };
        tokens.Add(db, made, secret.Hash);
        audit.Append(
            db, actor, "token.created", made.Id, ("spokeName", made.SpokeName), ("address", made.Address), ("platform", made.Platform), ("expiresAt", UtcText.Of(made.ExpiresAt)));
        return (made, secret);
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
