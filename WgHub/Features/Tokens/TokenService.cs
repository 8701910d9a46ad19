using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Features.Routes;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Tokens;

/// <summary>Makes and revokes installation tokens.</summary>
internal sealed class TokenService(Database database, TokenStore tokens, LeaseStore leases, OwnHubRoutes hubRoutes)
{
    public const int DefaultHours = 24;
    public const int MaximumHours = 24 * 365;

    /// <summary>Makes a token and reserves its name and address in the same transaction.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED and all of <see cref="LeaseErrors"/>.</exception>
    public async Task<(Token Token, TokenSecret Secret)> CreateAsync(CreateToken request, Actor actor, CancellationToken cancellationToken)
    {
        var wish = TokenWish.From(request);
        return await database.WriteAsync(actor, tx => Create(tx, wish), cancellationToken);
    }

    /// <summary>The same inside the caller's transaction.</summary>
    /// <exception cref="AppException">All of <see cref="LeaseErrors"/>.</exception>
    public (Token Token, TokenSecret Secret) Create(Tx tx, TokenWish wish)
    {
        var (secret, now) = (TokenSecret.New(), tx.Now);
        if (wish.SpokeExpiresAt <= now)
        {
            throw WebErrors.Invalid("spokeExpiresAt", "A time to come.");
        }

        // Nobody can use what is left of a token after the end of its spoke.
        var ends = wish.SpokeExpiresAt is { } end && end < now.AddHours(wish.Hours) ? end : now.AddHours(wish.Hours);
        var lease = leases.Reserve(tx, tx.OwnHub, Guid.CreateVersion7(now).ToString(), wish.Name, wish.Addresses, ends);
        var made = new Token
        {
            Id = Guid.CreateVersion7(now).ToString(),
            Hub = tx.OwnHub,
            SpokeId = lease.SpokeId,
            SpokeName = lease.Name,
            Address = lease.Address,
            Address6 = lease.Address6?.Address,
            CreatedBy = tx.By.Name,
            CreatedAt = now,
            ExpiresAt = ends,
            Platform = wish.Platform,
            Labels = wish.Labels,
            SpokeExpiresAt = wish.SpokeExpiresAt,
            Routes = hubRoutes.Checked(wish.Routes),
        };
        tokens.Add(tx, made, secret.Hash);
        tx.Audit(
            AuditEvents.TokenCreated, made.Subject, ("address", made.Address.ToString()), ("addressV6", made.Address6?.ToString()),
            ("platform", made.Platform), ("routes", made.Routes?.Text), ("expiresAt", UtcText.Of(made.ExpiresAt)));
        return (made, secret);
    }

    /// <summary>Revokes a token. One that was used stays used: its spoke lives on, and only its line no longer works.</summary>
    /// <exception cref="AppException">TOKEN_NOT_FOUND.</exception>
    public Task RevokeAsync(string id, Actor actor, CancellationToken cancellationToken) =>
        database.WriteAsync(
            actor,
            tx =>
            {
                var token = tokens.FindById(tx, id) ?? throw TokenErrors.NotFound();
                if (token.RevokedAt is not null)
                {
                    return;
                }

                tokens.Revoke(tx, token, tx.Now);
                tx.Audit(AuditEvents.TokenRevoked, token.Subject);
            },
            cancellationToken);
}
