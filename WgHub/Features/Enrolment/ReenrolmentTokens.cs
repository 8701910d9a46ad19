using WgHub.Features.Audit;
using WgHub.Features.Labels;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Enrolment;

/// <summary>Makes the tokens that give a spoke a new key: what <see cref="Reenrolment"/> takes.</summary>
internal sealed class ReenrolmentTokens(Database database, TokenStore tokens, SpokeStore spokes)
{
    /// <summary>Shorter than for a new machine: whoever has it takes over a name that others trust.</summary>
    public const int DefaultHours = 2;

    private const int MaximumHours = 24 * 7;

    /// <summary>Makes the token; one made before and not used takes its leave.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED, NOT_FOUND.</exception>
    public async Task<(Token Token, TokenSecret Secret)> CreateAsync(string spokeId, int? expiresInHours, Actor actor, CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        var hours = checks.Range("expiresInHours", expiresInHours, 1, MaximumHours, DefaultHours);
        checks.ThrowIfAny();
        var secret = TokenSecret.New();
        var token = await database.WriteAsync(
            actor,
            tx =>
            {
                var (now, spoke) = (tx.Now, spokes.Find(tx, spokeId) ?? throw SpokeErrors.NotFound());
                tokens.RevokeReenrolments(tx, spokeId, now);
                var made = new Token
                {
                    Id = Guid.CreateVersion7(now).ToString(),
                    Hub = spoke.Hub,
                    SpokeId = spoke.Id,
                    SpokeName = spoke.Name,
                    Address = spoke.Address,
                    Address6 = spoke.Address6,
                    CreatedBy = actor.Name,
                    CreatedAt = now,
                    ExpiresAt = now.AddHours(hours),
                    Kind = TokenKind.Reenrol,
                    Labels = SpokeLabels.None with { Group = spoke.Labels.Group },
                };
                tokens.Add(tx, made, secret.Hash);
                tx.Audit(
                    AuditEvents.TokenCreated, made.Subject,
                    ("spokeId", spoke.Id), ("kind", "reenrol"), ("expiresAt", UtcText.Of(made.ExpiresAt)));
                return made;
            },
            cancellationToken);
        return (token, secret);
    }
}
