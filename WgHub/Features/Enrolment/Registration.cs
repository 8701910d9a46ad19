using WgHub.Features.Audit;
using WgHub.Features.Clusters;
using WgHub.Features.Hub;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Enrolment;

/// <param name="PresharedKey">The one that its peer has at the hub; null for none.</param>
/// <param name="IsNew">False when the same key came again.</param>
internal sealed record Registered(Spoke Spoke, Secret? PresharedKey, bool IsNew)
{
    /// <summary>What this key took the place of, and what goes off the interface in the same pass.</summary>
    public IReadOnlyList<PublicKey> FormerKeys { get; init; } = [];
}

/// <summary>
/// Turns a token and a public key into a spoke. The first key that comes binds the token, in one transaction; the same key may come
/// again and gets the same answer, so a reply that was lost costs nothing.
/// </summary>
internal sealed class Registration(
    Database database,
    TokenStore tokens,
    ClusterTokenService clusterTokenService,
    SpokeStore spokes,
    PeerStore peers,
    RotationStore rotations,
    ClusterMembership clusters,
    HubStore hubs,
    Reenrolment reenrolment,
    PeerChanges changes,
    LivePeers live,
    TimeProvider time)
{
    /// <summary>Registers; returns when the peer is durable in the database and live on the interface.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED, INVALID_PUBLIC_KEY, TOKEN_NOT_FOUND, TOKEN_ALREADY_USED, TOKEN_EXPIRED, TOKEN_REVOKED, TOKEN_WRONG_PLATFORM, DUPLICATE_PUBLIC_KEY, FORBIDDEN.</exception>
    /// <exception cref="WgException">The peer is durable but not live: the same call again puts that right.</exception>
    public async Task<Registered> RegisterAsync(RegisterSpoke request, string? address, CancellationToken cancellationToken)
    {
        var facts = SpokeFacts.From(request);
        var (secret, key) = (TokenSecret.Parse(request.Token), SpokeKey.Parse("publicKey", request.PublicKey));
        var registered = await database.WriteAsync(
            tx =>
            {
                var now = tx.Now;
                var token = tokens.Find(tx, secret) ?? clusterTokenService.TakeForNode(tx, secret, facts.Proxmox?.Node, facts.Proxmox?.Cluster?.Name) ?? throw TokenErrors.NotFound();
                switch (token.StateAt(now))
                {
                    case TokenState.Revoked:
                        throw TokenErrors.Revoked();
                    case TokenState.Expired:
                        throw TokenErrors.Expired(token.ExpiresAt);
                    case TokenState.Used:
                        return token.UsedKey == key ? new Registered(Refreshed(tx, token, facts, address), peers.PresharedKeyOf(tx, token.Hub, key), false)
                            : rotations.Find(tx, token.SpokeId, key) is { } other ? new Registered(Refreshed(tx, token, facts, address), other.PresharedKey, false)
                            : throw TokenErrors.AlreadyUsed(token.UsedAt!.Value);
                }

                if (token.Platform is { } platform && platform != facts.Platform)
                {
                    throw TokenErrors.WrongPlatform(platform);
                }

                var hub = hubs.Required();
                if (hub.Key == key || rotations.HasKey(tx, token.Hub, key))
                {
                    throw SpokeErrors.DuplicatePublicKey();
                }

                if (token.Kind == TokenKind.Reenrol)
                {
                    return reenrolment.Take(tx, token, facts, key, address);
                }

                tokens.Bind(tx, token, key, now);
                var made = facts.ToSpoke(token, key, now);
                var presharedKey = hub.PresharedKeys ? PresharedKey.New() : null;
                spokes.Add(tx, made, presharedKey, token.Id);
                tx = tx.As(Actor.Spoke(made.Name, address));
                tx.Audit(AuditEvents.SpokeRegistered, made.Id, ("publicKey", key.ToString()), ("address", made.Address), ("os", made.Os), ("tokenId", token.Id));
                clusters.TakeFirst(tx, made, facts.Proxmox);
                return new Registered(made, presharedKey, true);
            },
            cancellationToken);

        var spoke = registered.Spoke;
        if (!spoke.IsWantedAt(time.GetUtcNow()))
        {
            throw EnrolmentErrors.SwitchedOff(spoke.Name);
        }

        await changes.MirrorAsync([.. registered.FormerKeys, key], cancellationToken);
        foreach (var gone in registered.FormerKeys)
        {
            live.Remove(gone);
        }

        return registered with { Spoke = live.Refresh(spoke) };
    }

    /// <summary>The spoke of a token that came again, with what the machine tells anew.</summary>
    private Spoke Refreshed(Tx tx, Token token, SpokeFacts facts, string? address)
    {
        var spoke = spokes.Find(tx, token.SpokeId) ?? throw TokenErrors.Revoked();
        clusters.Take(tx.As(Actor.Spoke(spoke.Name, address)), spoke, facts.Proxmox);
        return spoke;
    }
}
