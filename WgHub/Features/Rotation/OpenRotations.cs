using WgHub.Features.Audit;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Storage;

namespace WgHub.Features.Rotation;

/// <param name="Spoke">Null when it is gone meanwhile.</param>
internal sealed record OpenRotation(SpokeRotation Rotation, Spoke? Spoke);

/// <summary>The spokes that change their key, as rows: how a rotation goes on and how it ends. What changes runs inside the caller's transaction.</summary>
internal sealed class OpenRotations(SpokeStore spokes, PeerStore peers, RotationStore rotations, TokenStore tokens)
{
    /// <exception cref="StorageException">The master key does not open a preshared key.</exception>
    public IReadOnlyList<OpenRotation> List(HubId hub) =>
        [.. rotations.List(hub).Select(rotation => new OpenRotation(rotation, spokes.Find(rotation.SpokeId)))];

    /// <summary>Waits anew for those that are waited for, after the hub was away.</summary>
    public void Prolong(Tx tx) => rotations.Prolong(tx, tx.OwnHub, tx.Now + RotationService.Patience);

    /// <summary>The other key becomes the spoke's, with its addresses and totals, and the one before the other.</summary>
    public void Move(Tx tx, Spoke spoke, SpokeRotation rotation)
    {
        if (
            rotations.Find(tx, spoke.Id) != rotation
                || spokes.Find(tx, spoke.Id)
                is not { } current
                || current.Key != spoke.Key
                || peers.PresharedKeyOf(tx, spoke.Hub, spoke.Key)
                is not { } before)
        {
            return; // changed since the look
        }

        var isNext = rotation.EndsAt is not null;
        rotations.Set(tx, rotation with { OtherKey = spoke.Key, PresharedKey = before, EndsAt = isNext ? null : tx.Now + RotationService.Patience });
        spokes.ChangeKey(tx, current, rotation.OtherKey, rotation.PresharedKey);
        tokens.Rebind(tx, spoke.Id, spoke.Key, rotation.OtherKey);
        tx.Audit(
            isNext ? AuditEvents.SpokeRotationMoved : AuditEvents.SpokeRotationMovedBack, spoke.Subject,
            ("publicKey", rotation.OtherKey.ToString()));
    }

    /// <summary>Nobody came with the key, or the spoke is gone.</summary>
    public void End(Tx tx, OpenRotation open)
    {
        var (rotation, spoke) = open;
        if (rotations.Find(tx, rotation.SpokeId) != rotation)
        {
            return; // asked for again since the look
        }

        rotations.Remove(tx, rotation.SpokeId);
        if (spoke is not null)
        {
            tx.Audit(AuditEvents.SpokeRotationEnded, spoke.Subject, ("publicKey", rotation.OtherKey.ToString()), ("reason", "no handshake"));
        }
    }
}
