using WgHub.Features.Audit;
using WgHub.Features.Clusters;
using WgHub.Features.Hub;
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
internal sealed class Reenrolment(
    TokenStore tokens, SpokeStore spokes, PeerStore peers, RotationStore rotations, LivePeers live, HubStore hubs, ClusterMembership clusters)
{
    /// <summary>Gives the spoke of this unused token its new key, inside the caller's transaction. The key that it has already is fine too.</summary>
    /// <exception cref="AppException">TOKEN_REVOKED when the spoke is gone, FORBIDDEN when it is switched off, DUPLICATE_PUBLIC_KEY.</exception>
    public Registered Take(Tx tx, Token token, Machine machine)
    {
        var (key, facts, now) = (machine.Key, machine.Facts, tx.Now);
        var spoke = live.Refresh(spokes.Find(tx, token.SpokeId) ?? throw TokenErrors.Revoked());
        if (!spoke.IsWantedAt(now))
        {
            throw EnrolmentErrors.SwitchedOff(spoke.Name);
        }

        tokens.Bind(tx, token, key, now);
        tokens.RevokeOthers(tx, token, now);
        var hub = hubs.Required();
        spokes.ChangeMachine(tx, facts.ToSpoke(token, key, now) with { HeldRoutes = hub.Routes.TextOf(spoke.WantedRoutes) }, token.Id);
        var isSameKey = spoke.Key == key;
        var presharedKey = isSameKey ? peers.PresharedKeyOf(tx, spoke.Hub, key) : hub.PresharedKeys ? PresharedKey.New() : null;
        if (!isSameKey)
        {
            spokes.ChangeKey(tx, spoke with { LastHandshake = null, Endpoint = null }, key, presharedKey);
        }

        var other = rotations.Find(tx, spoke.Id)?.OtherKey; // a change of key that was under way is over
        rotations.Remove(tx, spoke.Id);

        tx = tx.As(Actor.Spoke(spoke.Name, machine.Address));
        tx.Audit(
            AuditEvents.SpokeReenrolled, spoke.Subject,
            ("publicKey", key.ToString()), ("formerKey", spoke.Key.ToString()), ("os", facts.Os), ("tokenId", token.Id));
        clusters.Take(tx, spokes.Find(tx, spoke.Id)!, facts.Proxmox);
        return new(spokes.Find(tx, spoke.Id)!, presharedKey, true)
        {
            FormerKeys = [.. new[] { spoke.Key, other }.OfType<PublicKey>().Where(former => former != key)],
        };
    }
}
