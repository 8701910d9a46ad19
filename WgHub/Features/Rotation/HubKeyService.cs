using System.Net;
using WgHub.Features.Audit;
using WgHub.Features.Hub;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Rotation;

/// <param name="Behind">The spokes that are not there yet, by name.</param>
internal sealed record HubKeyState(PublicKey Key, HubRotation? Rotation, IReadOnlyList<SpokeBehind> Behind);

/// <summary>
/// Gives the hub another key, in steps that a person takes: announce it, wait until the spokes hold it, switch, and end when they have
/// all come. One interface has one key, so whoever does not hold the next one is out from the switch until somebody sees to him.
/// </summary>
internal sealed class HubKeyService(
    Database database, HubStore hubs, HubRotationStore rotations, SpokeStore spokes, MachineLook machine, Reconciler reconciler)
{
    /// <exception cref="AppException">HUB_NOT_INITIALIZED.</exception>
    public HubKeyState State()
    {
        var (hub, rotation) = (hubs.Required(), rotations.Find(database.OwnHub));
        return new(hub.Key, rotation, rotation is null ? [] : rotations.Behind(hub.Id, rotation));
    }

    /// <summary>Makes the next key. From now on spokes are told it when they ask.</summary>
    /// <exception cref="AppException">HUB_NOT_INITIALIZED, HUB_KEY_ANNOUNCED.</exception>
    /// <exception cref="WgException">wg made no key.</exception>
    public async Task AnnounceAsync(Actor actor, CancellationToken cancellationToken)
    {
        _ = hubs.Required();
        var (secret, key) = await machine.GenerateKeyAsync(cancellationToken);
        await database.WriteAsync(
            actor,
            tx =>
            {
                if (rotations.Find(tx, tx.OwnHub) is not null)
                {
                    throw RotationErrors.HubKeyAnnounced();
                }

                rotations.Add(tx, tx.OwnHub, new(key, tx.Now, null), secret);
                tx.Audit(AuditEvents.HubKeyAnnounced, Subject.One(tx.OwnHub.Value), ("publicKey", key.ToString()));
            },
            cancellationToken);
    }

    /// <summary>The interface takes the next key. Returns when it has.</summary>
    /// <param name="leaveBehind">How many spokes the caller knows to stay behind.</param>
    /// <exception cref="AppException">HUB_NOT_INITIALIZED, HUB_KEY_NOT_ANNOUNCED, SPOKES_BEHIND.</exception>
    /// <exception cref="WgException">The rows are durable: the next pass gives the interface its key.</exception>
    public async Task SwitchAsync(int leaveBehind, Actor actor, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            actor,
            tx =>
            {
                if (rotations.Find(tx, tx.OwnHub) is not { SwitchedAt: null } rotation)
                {
                    throw RotationErrors.HubKeyNotAnnounced();
                }

                var behind = rotations.Behind(tx, tx.OwnHub, rotation);
                if (behind.Count > leaveBehind)
                {
                    throw RotationErrors.SpokesBehind([.. behind.Select(spoke => spoke.Name)]);
                }

                var now = tx.Now;
                hubs.ChangeKey(tx, tx.OwnHub, rotation.NextKey, rotations.PrivateKey(tx, tx.OwnHub), now);
                rotations.Switch(tx, tx.OwnHub, now);
                spokes.BeginAnew(tx, tx.OwnHub, null); // every session was with the key before
                tx.Audit(AuditEvents.HubKeySwitched, Subject.One(tx.OwnHub.Value), ("publicKey", rotation.NextKey.ToString()), ("behind", $"{behind.Count}"));
            },
            cancellationToken);
        hubs.Refresh();
        await reconciler.ApplyAsync(cancellationToken);
    }

    /// <summary>Before the switch takes the announcement back, after it ends the watch. Nothing to end is no error.</summary>
    public Task EndAsync(Actor actor, CancellationToken cancellationToken) => database.WriteAsync(
        actor,
        tx =>
        {
            if (rotations.Find(tx, tx.OwnHub) is { } rotation)
            {
                rotations.Remove(tx, tx.OwnHub);
                tx.Audit(
                    rotation.SwitchedAt is null ? AuditEvents.HubKeyWithdrawn : AuditEvents.HubKeySettled, Subject.One(tx.OwnHub.Value),
                    ("publicKey", rotation.NextKey.ToString()));
            }
        },
        cancellationToken);

    /// <summary>Tells a spoke the key that comes next, through its own tunnel, and notes that it holds it.</summary>
    /// <param name="held">The key that it has put by; null for none.</param>
    /// <returns>The spoke that asks; and null when there is no key to tell.</returns>
    /// <exception cref="AppException">NOT_THROUGH_TUNNEL.</exception>
    public async Task<(Spoke Spoke, PublicKey? Next)> TellAsync(string? held, IPAddress? from, CancellationToken cancellationToken)
    {
        var (spoke, rotation) = database.Read(tx => (spokes.FindByTunnel(tx, from) ?? throw RotationErrors.NotThroughTunnel(), rotations.Find(tx, tx.OwnHub)));
        if (rotation is not { SwitchedAt: null })
        {
            return (spoke, null);
        }

        if (held == rotation.NextKey.ToString() && !database.Read(tx => rotations.Holds(tx, spoke.Id, rotation.NextKey)))
        {
            await database.WriteAsync(tx => rotations.Keep(tx, tx.OwnHub, spoke.Id, rotation.NextKey, tx.Now), cancellationToken);
        }

        return (spoke, rotation.NextKey);
    }
}
