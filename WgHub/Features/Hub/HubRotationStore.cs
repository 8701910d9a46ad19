using WgHub.Features.Spokes;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>The hub on its way to another key.</summary>
/// <param name="NextKey">The next one; after the switch, the one that the hub has.</param>
/// <param name="SwitchedAt">Null while it is only announced.</param>
internal sealed record HubRotation(PublicKey NextKey, DateTimeOffset AnnouncedAt, DateTimeOffset? SwitchedAt);

/// <summary>A spoke that the hub's next key has not reached.</summary>
/// <param name="LastHandshake">Null for never.</param>
internal sealed record SpokeBehind(string Id, string Name, string Address, string Os, SpokeStatus Status, DateTimeOffset? LastHandshake);

/// <summary>The hub's next key, and which spokes hold it. Methods that take a connection run inside the caller's transaction.</summary>
internal sealed class HubRotationStore(Database database, MasterKey masterKey)
{
    public HubRotation? Find(HubId hub) => database.Read(tx => Find(tx, hub));

    public HubRotation? Find(Tx tx, HubId hub) => tx.First(
        $"select public_key, announced_at, switched_at from hub_rotations where hub_id = {hub}",
        row => new HubRotation(PublicKey.Parse(row.Text("public_key")), row.Time("announced_at"), row.TimeOrNull("switched_at")));

    public void Add(Tx tx, HubId hub, HubRotation rotation, Secret privateKey) =>
        tx.Execute(
            $"""
            insert into hub_rotations (hub_id, public_key, sealed_private_key, announced_at)
            values ({hub}, {rotation.NextKey.ToString()}, {SealedColumns.NextHubPrivateKey.Seal(masterKey, hub.Value, privateKey)},
                {rotation.AnnouncedAt})
            """);

    /// <exception cref="StorageException">The master key does not open it.</exception>
    public Secret PrivateKey(Tx tx, HubId hub) => SealedColumns.NextHubPrivateKey.Open(
        masterKey, hub.Value, tx.First($"select sealed_private_key from hub_rotations where hub_id = {hub}", row => row.Text("sealed_private_key"))!);

    public void Switch(Tx tx, HubId hub, DateTimeOffset at) =>
        tx.Execute($"update hub_rotations set switched_at = {at} where hub_id = {hub}");

    public void Remove(Tx tx, HubId hub)
    {
        tx.Execute($"delete from hub_rotation_spokes where hub_id = {hub}");
        tx.Execute($"delete from hub_rotations where hub_id = {hub}");
    }

    /// <summary>A spoke says that it holds the key.</summary>
    public void Keep(Tx tx, HubId hub, string spokeId, PublicKey key, DateTimeOffset at) =>
        tx.Execute(
            $"""
            insert into hub_rotation_spokes (spoke_id, hub_id, public_key, told_at) values ({spokeId}, {hub}, {key.ToString()}, {at})
            on conflict (spoke_id) do update set public_key = excluded.public_key, told_at = excluded.told_at
            """);

    public bool Holds(Tx tx, string spokeId, PublicKey key) =>
        tx.Count($"select count(*) from hub_rotation_spokes where spoke_id = {spokeId} and public_key = {key.ToString()}") > 0;

    /// <summary>
    /// The spokes that are not there yet, by name: before the switch those that do not hold the key, after it those without a handshake since.
    /// </summary>
    public IReadOnlyList<SpokeBehind> Behind(Tx tx, HubId hub, HubRotation rotation)
    {
        var holds =
            SqlPart.Of(
                $"exists (select 1 from hub_rotation_spokes as held where held.spoke_id = peers.spoke_id and held.public_key = {rotation.NextKey.ToString()})");

        // WireGuard tells whole seconds: in the very second of the switch, who holds the new key has shaken hands with it.
        var isBehind = rotation.SwitchedAt is { } at
            ? SqlPart.Of(
                $"(coalesce(peers.last_handshake_at, 0) < {at.ToUnixTimeSeconds() * 1000} or not {holds} and coalesce(peers.last_handshake_at, 0) < {at})")
            : SqlPart.Of($"not {holds}");
        return tx.Query(
            $"""
            select spokes.id, leases.name, leases.address, spokes.os, peers.last_handshake_at, {SpokeConditions.StatusName(tx.Now)} as status
            from peers join spokes on spokes.id = peers.spoke_id join leases on leases.spoke_id = peers.spoke_id
            where peers.hub_id = {hub} and {isBehind} order by leases.name_key
            """,
            row => new SpokeBehind(
                row.Text("id"), row.Text("name"), row.Text("address"), row.Text("os"), Enum.Parse<SpokeStatus>(row.Text("status")),
                row.TimeOrNull("last_handshake_at")));
    }

    public IReadOnlyList<SpokeBehind> Behind(HubId hub, HubRotation rotation) => database.Read(tx => Behind(tx, hub, rotation));
}
