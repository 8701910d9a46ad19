using WgHub.Features.Audit;
using WgHub.Features.Clusters;
using WgHub.Features.Hub;
using WgHub.Features.Labels;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Enrolment;

/// <summary>
/// A new key for a spoke that there is, by a token of its own kind: name, address, labels and traffic totals stay. The old key works
/// until the new one registers; then it and every other token of the spoke are dead for good.
/// </summary>
internal sealed class Reenrolment(Database database, TokenStore tokens, SpokeStore spokes, PeerStore peers, RotationStore rotations, LivePeers live, HubStore hubs, ClusterMembership clusters)
{
    /// <summary>Shorter than for a new machine: whoever has it takes over a name that others trust.</summary>
    public const int DefaultHours = 2;

    private const int MaximumHours = 24 * 7;

    /// <summary>Makes the token; one made before and not used takes its leave.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED, NOT_FOUND.</exception>
    public async Task<(Token Token, TokenSecret Secret)> CreateTokenAsync(string spokeId, int? expiresInHours, Actor actor, CancellationToken cancellationToken)
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
                    CreatedBy = actor.Name,
                    CreatedAt = now,
                    ExpiresAt = now.AddHours(hours),
                    Kind = TokenKind.Reenrol,
                    Labels = SpokeLabels.None with { Group = spoke.Labels.Group },
                };
                tokens.Add(tx, made, secret.Hash);
                tx.Audit(AuditEvents.TokenCreated, made.Id, ("spokeName", spoke.Name), ("spokeId", spoke.Id), ("kind", "reenrol"), ("expiresAt", UtcText.Of(made.ExpiresAt)));
                return made;
            },
            cancellationToken);
        return (token, secret);
    }

    /// <summary>Gives the spoke of this unused token its new key, inside the caller's transaction. The key that it has already is fine too.</summary>
    /// <exception cref="AppException">TOKEN_REVOKED when the spoke is gone, FORBIDDEN when it is switched off, DUPLICATE_PUBLIC_KEY.</exception>
    public Registered Take(Tx tx, Token token, SpokeFacts facts, PublicKey key, string? address)
    {
        var now = tx.Now;
        var spoke = live.Refresh(spokes.Find(tx, token.SpokeId) ?? throw TokenErrors.Revoked());
        if (!spoke.IsWantedAt(now))
        {
            throw EnrolmentErrors.SwitchedOff(spoke.Name);
        }

        tokens.Bind(tx, token, key, now);
        tokens.RevokeOthers(tx, token, now);
        spokes.ChangeMachine(tx, facts.ToSpoke(token, key, now), token.Id);
        var isSameKey = spoke.Key == key;
        var presharedKey = isSameKey ? peers.PresharedKeyOf(tx, spoke.Hub, key) : hubs.Required().PresharedKeys ? PresharedKey.New() : null;
        if (!isSameKey)
        {
            spokes.ChangeKey(tx, spoke with { LastHandshake = null, Endpoint = null }, key, presharedKey);
        }

        var other = rotations.Find(tx, spoke.Id)?.OtherKey; // a change of key that was under way is over
        rotations.Remove(tx, spoke.Id);

        tx = tx.As(Actor.Spoke(spoke.Name, address));
        tx.Audit(AuditEvents.SpokeReenrolled, spoke.Id, ("publicKey", key.ToString()), ("formerKey", spoke.Key.ToString()), ("os", facts.Os), ("tokenId", token.Id));
        clusters.Take(tx, spokes.Find(tx, spoke.Id)!, facts.Proxmox);
        return new(spokes.Find(tx, spoke.Id)!, presharedKey, true) { FormerKeys = [.. new[] { spoke.Key, other }.OfType<PublicKey>().Where(former => former != key)] };
    }
}
