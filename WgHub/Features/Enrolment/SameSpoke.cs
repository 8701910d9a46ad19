using WgHub.Features.Clusters;
using WgHub.Features.Hub;
using WgHub.Features.Leases;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Enrolment;

/// <summary>A used token comes again, with its spoke's key: the same answer, and what the machine tells anew.</summary>
internal sealed class SameSpoke(
    SpokeStore spokes, PeerStore peers, LeaseStore leases, RotationStore rotations, ClusterMembership clusters, HubStore hubs)
{
    /// <exception cref="AppException">TOKEN_ALREADY_USED by another key, TOKEN_REVOKED when the spoke is gone.</exception>
    public Registered Take(Tx tx, Token token, Machine machine)
    {
        var next = token.UsedKey == machine.Key ? null : rotations.Find(tx, token.SpokeId, machine.Key) ?? throw TokenErrors.AlreadyUsed(token.UsedAt!.Value);
        var spoke = spokes.Find(tx, token.SpokeId) ?? throw TokenErrors.Revoked();
        clusters.Take(tx.As(Actor.Spoke(spoke.Name, machine.Address)), spoke, machine.Facts.Proxmox);
        if (hubs.Required().Routes.TextOf(spoke.WantedRoutes) is var told && told != spoke.HeldRoutes)
        {
            spokes.HoldRoutes(tx, spoke.Id, told);
        }

        leases.Tell(tx, spoke.Id);
        return new(spoke, next is null ? peers.PresharedKeyOf(tx, token.Hub, machine.Key) : next.PresharedKey, false);
    }
}
