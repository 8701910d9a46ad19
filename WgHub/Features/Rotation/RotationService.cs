using System.Net;
using WgHub.Features.Audit;
using WgHub.Features.Hub;
using WgHub.Features.Spokes;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Rotation;

/// <param name="PresharedKey">The one that goes with the new key.</param>
/// <param name="IsNew">False when the same was asked for before.</param>
internal sealed record Rotating(Spoke Spoke, Secret PresharedKey, bool IsNew);

/// <summary>
/// Gives a spoke another key without cutting its tunnel. From <see cref="BeginAsync"/> to <see cref="FinishAsync"/> the hub lets both
/// keys in, and the addresses follow the one that shook hands last (<see cref="RotationLoop"/>). So the spoke may lose its power at
/// any moment: whichever key its files hold, its next boot has a tunnel.
/// </summary>
internal sealed class RotationService(
    Database database, HubStore hubs, HubRotationStore hubRotations, SpokeStore spokes, PeerStore peers, RotationStore rotations,
    PeerChanges changes, RotationSignal signal)
{
    /// <summary>How long the hub waits for the first handshake of a new key.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Lets the new key in. The same may be asked again, also after the first handshake: the answer is the same.</summary>
    /// <param name="from">Where the request came from: the spoke's own address in the tunnel, or it is refused.</param>
    /// <exception cref="AppException">VALIDATION_FAILED, INVALID_PUBLIC_KEY, NOT_THROUGH_TUNNEL, PROOF_WRONG, PRESHARED_KEY_NEEDED,
    /// DUPLICATE_PUBLIC_KEY.</exception>
    /// <exception cref="WgException">The row is durable; the same call again puts the key on the interface.</exception>
    public async Task<Rotating> BeginAsync(RotateKey request, IPAddress? from, CancellationToken cancellationToken)
    {
        var (old, next) = request.Keys();
        var (rotating, displaced) = await database.WriteAsync(
            tx =>
            {
                var spoke = Proved(tx, request, "begin", from);
                var open = rotations.Find(tx, spoke.Id);
                if (spoke.Key == next && open?.OtherKey == old)
                {
                    return (new Rotating(spoke, peers.PresharedKeyOf(tx, spoke.Hub, next)!, false), next);
                }

                if (spoke.Key != old)
                {
                    throw RotationErrors.ProofWrong();
                }

                return open?.OtherKey == next ? (Again(tx, spoke, open), next) : (Begin(tx, spoke, next, from), open?.OtherKey ?? next);
            },
            cancellationToken);
        await changes.MirrorAsync(rotating.Spoke.Hub, [next, displaced], cancellationToken);
        signal.Set();
        return rotating;
    }

    /// <summary>The spoke's files hold the new key, and this came through its tunnel: the key before is let in no longer. Once more is no error.</summary>
    /// <inheritdoc cref="BeginAsync" path="/param"/>
    /// <exception cref="AppException">VALIDATION_FAILED, INVALID_PUBLIC_KEY, NOT_THROUGH_TUNNEL, PROOF_WRONG, PRESHARED_KEY_NEEDED, ROTATION_OVER.</exception>
    /// <exception cref="WgException">The row is durable; the next pass takes the key before off.</exception>
    public async Task FinishAsync(RotateKey request, IPAddress? from, CancellationToken cancellationToken)
    {
        var (old, next) = request.Keys();
        var hub = await database.WriteAsync(
            tx =>
            {
                var spoke = Proved(tx, request, "finish", from);
                if (spoke.Key != next)
                {
                    throw RotationErrors.RotationOver();
                }

                if (rotations.Find(tx, spoke.Id)?.OtherKey == old)
                {
                    rotations.Remove(tx, spoke.Id);
                    tx.As(Actor.Spoke(spoke.Name, from?.ToString()))
                        .Audit(AuditEvents.SpokeRotated, spoke.Subject, ("publicKey", next.ToString()));
                }

                return spoke.Hub;
            },
            cancellationToken);
        await changes.MirrorAsync(hub, old, cancellationToken);
    }

    private Rotating Begin(Tx tx, Spoke spoke, PublicKey next, IPAddress? from)
    {
        if (
            next == hubs.Required().Key
                || next == hubRotations.Find(tx, spoke.Hub)?.NextKey
                || spokes.FindByKey(tx, spoke.Hub, next)
                is not null
                || rotations.HasKey(tx, spoke.Hub, next))
        {
            throw SpokeErrors.DuplicatePublicKey();
        }

        var now = tx.Now;
        var made = new SpokeRotation(spoke.Id, spoke.Hub, next, PresharedKey.New(), now, now + Patience);
        rotations.Set(tx, made);
        tx.As(Actor.Spoke(spoke.Name, from?.ToString())).Audit(AuditEvents.SpokeRotationBegun, spoke.Subject, ("publicKey", next.ToString()));
        return new(spoke, made.PresharedKey, true);
    }

    private Rotating Again(Tx tx, Spoke spoke, SpokeRotation open)
    {
        rotations.Set(tx, open with { EndsAt = tx.Now + Patience });
        return new(spoke, open.PresharedKey, false);
    }

    /// <summary>
    /// The spoke that asks. The proof tells root there from others on the same machine; its files may hold the preshared key of the
    /// key before or of the new one.
    /// </summary>
    private Spoke Proved(Tx tx, RotateKey request, string step, IPAddress? from)
    {
        var spoke = spokes.FindByTunnel(tx, from) ?? throw RotationErrors.NotThroughTunnel();
        Secret?[] known = [peers.PresharedKeyOf(tx, spoke.Hub, spoke.Key), rotations.Find(tx, spoke.Id)?.PresharedKey];
        if (known.All(key => key is null))
        {
            throw RotationErrors.PresharedKeyNeeded();
        }

        var (old, next) = request.Keys();
        var isRight = known.OfType<Secret>().Any(key => RotationProof.IsRight(request.Proof, RotationProof.Of(key, step, hubs.Required().Key, old, next)));
        return isRight ? spoke : throw RotationErrors.ProofWrong();
    }
}
