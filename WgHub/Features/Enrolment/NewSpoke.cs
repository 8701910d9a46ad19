using WgHub.Features.Audit;
using WgHub.Features.Clusters;
using WgHub.Features.Hub;
using WgHub.Features.Routes;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Enrolment;

/// <summary>A token and the first key that comes with it become a spoke.</summary>
internal sealed class NewSpoke(TokenStore tokens, SpokeStore spokes, HubStore hubs, ClusterMembership clusters)
{
    /// <exception cref="AppException">DUPLICATE_PUBLIC_KEY.</exception>
    public Registered Take(Tx tx, Token token, Machine machine)
    {
        var (facts, now) = (machine.Facts, tx.Now);
        tokens.Bind(tx, token, machine.Key, now);
        var hub = hubs.Required();
        var made = facts.ToSpoke(token, machine.Key, now) with { GroupRoutes = GroupStore.Find(tx, token.Hub, token.Labels.Group)?.Routes };
        made = made with { HeldRoutes = hub.Routes.TextOf(made.WantedRoutes) };
        var presharedKey = hub.PresharedKeys ? PresharedKey.New() : null;
        spokes.Add(tx, made, presharedKey, token.Id);
        tx = tx.As(Actor.Spoke(made.Name, machine.Address));
        tx.Audit(
            AuditEvents.SpokeRegistered, made.Subject, ("publicKey", made.Key.ToString()), ("address", made.Address.ToString()),
            ("os", made.Os), ("tokenId", token.Id));
        clusters.TakeFirst(tx, made, facts.Proxmox);
        return new(made, presharedKey, true);
    }
}
