using System.Net;
using WgHub.Features.Audit;
using WgHub.Features.Hub;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Rotation;

/// <param name="Behind">Names of the spokes that are not there yet.</param>
internal sealed record HubKeyState(PublicKey Key, HubRotation? Rotation, IReadOnlyList<string> Behind);

/// <summary>
/// Gives the hub another key, in steps that a person takes: announce it, wait until the spokes hold it, switch, and end when they have
/// all come. One interface has one key, so whoever does not hold the next one is out from the switch until somebody sees to him.
/// </summary>
internal sealed class HubKeyService(
    Database database, HubStore hubs, HubRotationStore rotations, SpokeStore spokes, WgTool wg, Reconciler reconciler, AuditLog audit, TimeProvider time)
{
    /// <exception cref="AppException">HUB_NOT_INITIALIZED.</exception>
    public HubKeyState State()
    {
        var (hub, rotation) = (hubs.Required(), rotations.Find());
        return new(hub.Key, rotation, rotation is null ? [] : rotations.Behind(rotation));
    }

    /// <summary>Makes the next key. From now on spokes are told it when they ask.</summary>
    /// <exception cref="AppException">HUB_NOT_INITIALIZED, HUB_KEY_ANNOUNCED.</exception>
    /// <exception cref="WgException">wg made no key.</exception>
    public async Task AnnounceAsync(Actor actor, CancellationToken cancellationToken)
    {
        _ = hubs.Required();
        var (secret, key) = await wg.GenerateKeyAsync(cancellationToken);
        await database.WriteAsync(
            db =>
            {
                if (rotations.Find(db) is not null)
                {
                    throw RotationErrors.HubKeyAnnounced();
                }

                rotations.Add(db, new(key, time.GetUtcNow(), null), secret);
                audit.Append(db, actor, "hub.key_announced", database.HubId, ("publicKey", key.ToString()));
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
            db =>
            {
                if (rotations.Find(db) is not { SwitchedAt: null } rotation)
                {
                    throw RotationErrors.HubKeyNotAnnounced();
                }

                var behind = rotations.Behind(db, rotation);
                if (behind.Count > leaveBehind)
                {
                    throw RotationErrors.SpokesBehind(behind);
                }

                var now = time.GetUtcNow();
                hubs.ChangeKey(db, rotation.NextKey, rotations.PrivateKey(db), now);
                rotations.Switch(db, now);
                audit.Append(db, actor, "hub.key_switched", database.HubId, ("publicKey", rotation.NextKey.ToString()), ("behind", $"{behind.Count}"));
            },
            cancellationToken);
        hubs.Refresh();
        await reconciler.ApplyAsync(cancellationToken);
    }

    /// <summary>Before the switch takes the announcement back, after it ends the watch. Nothing to end is no error.</summary>
    public Task EndAsync(Actor actor, CancellationToken cancellationToken) => database.WriteAsync(
        db =>
        {
            if (rotations.Find(db) is { } rotation)
            {
                rotations.Remove(db);
                audit.Append(db, actor, rotation.SwitchedAt is null ? "hub.key_withdrawn" : "hub.key_settled", database.HubId, ("publicKey", rotation.NextKey.ToString()));
            }
        },
        cancellationToken);

    /// <summary>Tells a spoke the key that comes next, through its own tunnel, and notes that it holds it.</summary>
    /// <param name="held">The key that it has put by; null for none.</param>
    /// <returns>Null when there is none to tell.</returns>
    /// <exception cref="AppException">NOT_THROUGH_TUNNEL.</exception>
    public async Task<PublicKey?> TellAsync(string? held, IPAddress? from, CancellationToken cancellationToken)
    {
        var (spoke, rotation) = database.Read(db => (spokes.FindByTunnel(db, from) ?? throw RotationErrors.NotThroughTunnel(), rotations.Find(db)));
        if (rotation is not { SwitchedAt: null })
        {
            return null;
        }

        if (held == rotation.NextKey.ToString() && !database.Read(db => rotations.Holds(db, spoke.Id, rotation.NextKey)))
        {
            await database.WriteAsync(db => rotations.Keep(db, spoke.Id, rotation.NextKey, time.GetUtcNow()), cancellationToken);
        }

        return rotation.NextKey;
    }
}
