using WgHub.Hosting;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>A spoke between two keys: its peer has the one, and the addresses with it; this is the other.</summary>
/// <param name="EndsAt">When the hub stops waiting for it; null for the key before, which is kept until the spoke has settled on its new one.</param>
internal sealed record SpokeRotation(string SpokeId, HubId Hub, PublicKey OtherKey, Secret PresharedKey, DateTimeOffset StartedAt, DateTimeOffset? EndsAt);

/// <summary>The table of spokes that change their key. Methods run inside the caller's transaction.</summary>
internal sealed class RotationStore(Database database, MasterKey masterKey)
{
    /// <exception cref="StorageException">The master key does not open the preshared key.</exception>
    public SpokeRotation? Find(Tx tx, string spokeId) =>
        tx.First($"select spoke_id, hub_id, public_key, sealed_preshared_key, started_at, ends_at from spoke_rotations where spoke_id = {spokeId}", Map);

    /// <summary>While a spoke changes its key, either is its own: its files may hold the one or the other.</summary>
    /// <returns>Null when this is not the spoke's other key.</returns>
    /// <exception cref="StorageException">The master key does not open the preshared key.</exception>
    public SpokeRotation? Find(Tx tx, string spokeId, PublicKey otherKey) =>
        Find(tx, spokeId) is { } rotation && rotation.OtherKey == otherKey ? rotation : null;

    /// <exception cref="StorageException">The master key does not open a preshared key.</exception>
    public IReadOnlyList<SpokeRotation> List(HubId hub) => database.Read(tx =>
        tx.Query($"select spoke_id, hub_id, public_key, sealed_preshared_key, started_at, ends_at from spoke_rotations where hub_id = {hub}", Map));

    public bool HasKey(Tx tx, HubId hub, PublicKey key) =>
        tx.Count($"select count(*) from spoke_rotations where hub_id = {hub} and public_key = {key.ToString()}") > 0;

    /// <summary>Adds it; a spoke has one at most, so an earlier one goes.</summary>
    public void Set(Tx tx, SpokeRotation rotation)
    {
        var key = rotation.OtherKey.ToString();
        Remove(tx, rotation.SpokeId);
        tx.Execute(
            $"""
            insert into spoke_rotations (spoke_id, hub_id, public_key, sealed_preshared_key, started_at, ends_at)
            values ({rotation.SpokeId}, {rotation.Hub}, {key},
                {SealedColumns.NextPresharedKey.Seal(masterKey, SealedColumns.PeerRow(rotation.Hub, key), rotation.PresharedKey)},
                {rotation.StartedAt}, {rotation.EndsAt})
            """);
    }

    /// <summary>The hub was away: whoever was waited for gets the whole time again.</summary>
    public void Prolong(Tx tx, HubId hub, DateTimeOffset end) =>
        tx.Execute($"update spoke_rotations set ends_at = {end} where hub_id = {hub} and ends_at is not null");

    public void Remove(Tx tx, string spokeId) => tx.Execute($"delete from spoke_rotations where spoke_id = {spokeId}");

    private SpokeRotation Map(Row row)
    {
        var (key, hub) = (row.Text("public_key"), new HubId(row.Text("hub_id")));
        var presharedKey = SealedColumns.NextPresharedKey.Open(masterKey, SealedColumns.PeerRow(hub, key), row.Text("sealed_preshared_key"));
        return new(row.Text("spoke_id"), hub, PublicKey.Parse(key), presharedKey, row.Time("started_at"), row.TimeOrNull("ends_at"));
    }
}
