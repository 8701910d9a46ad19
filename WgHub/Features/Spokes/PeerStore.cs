using WgHub.Hosting;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>A spoke as a peer of the interface.</summary>
/// <param name="Address">Null for the other key of a spoke that changes its key: it may shake hands, and nothing is routed to it.</param>
/// <param name="IsWanted">False for one that is switched off or whose time is over.</param>
/// <param name="PresharedKey">Null for none, and for a peer that is not wanted.</param>
/// <param name="Networks">What lies behind it and is reached through it.</param>
internal sealed record Peer(PublicKey Key, uint? Address, bool IsWanted, Secret? PresharedKey, IReadOnlyList<Cidr> Networks)
{
    /// <inheritdoc cref="Spoke.Address6"/>
    public string? Address6 { get; init; }

    /// <summary>Whose peer it is.</summary>
    public required string SpokeId { get; init; }

    /// <summary>Null for none.</summary>
    public string? Group { get; init; }
}

/// <summary>What the interface should hold: the peers of spokes that are switched on and whose time is not over.</summary>
internal sealed class PeerStore(Database database, MasterKey masterKey, TimeProvider time)
{
    /// <summary>
    /// What the last reading of all peers has opened. They are read every few seconds, and opening 5,000 took 45 ms of it; the
    /// interface's dump holds the same keys in the same memory.
    /// </summary>
    private volatile Dictionary<PublicKey, (string Text, Secret Secret)> _opened = [];

    /// <summary>The condition on <c>spokes</c> for being on the interface.</summary>
    public static SqlPart IsWanted(DateTimeOffset now) =>
        SqlPart.Of($"spokes.enabled and (spokes.expires_at is null or spokes.expires_at > {now})");

    /// <summary>The wanted ones among these keys; as fast at any number of peers.</summary>
    /// <exception cref="StorageException">The master key does not open a preshared key.</exception>
    public IReadOnlyDictionary<PublicKey, Peer> Wanted(HubId hub, IReadOnlyCollection<PublicKey> keys) => database.Read(tx => keys
        .SelectMany(key => tx.Query($"{Select(hub, key)}", row => Map(hub, row).Peer))
        .Where(peer => peer.IsWanted)
        .ToDictionary(peer => peer.Key));

    /// <exception cref="StorageException">The master key does not open a preshared key.</exception>
    public IReadOnlyList<Peer> All(HubId hub)
    {
        var select = Select(hub, null);
        var rows = database.Read(tx => tx.Query($"{select}", row => Map(hub, row)));
        _opened = rows.Where(row => row.Peer.PresharedKey is not null).ToDictionary(row => row.Peer.Key, row => (row.Text!, row.Peer.PresharedKey!));
        return [.. rows.Select(row => row.Peer)];
    }

    /// <summary>The preshared key that a spoke was given; null for none.</summary>
    /// <exception cref="StorageException">The master key does not open it.</exception>
    public Secret? PresharedKeyOf(Tx tx, HubId hub, PublicKey key) =>
        tx.First(
            $"select coalesce(sealed_preshared_key, '') as sealed_preshared_key from peers where hub_id = {hub} and public_key = {key.ToString()}", row =>
                row.Text("sealed_preshared_key"))
            is { Length: > 0 } text
            ? Open(SealedColumns.PresharedKey, hub, key, text)
            : null;

    /// <summary>All networks that spokes carry which are wanted: nearly always none.</summary>
    public IReadOnlyList<Cidr> Networks(HubId hub) => database.Read(tx => tx.Query(
        $"""
        select networks.cidr from networks join spokes on spokes.id = networks.active_spoke_id
        where networks.hub_id = {hub} and {IsWanted(tx.Now)} order by networks.cidr
        """,
        row => Cidr.Parse(row.Text("cidr"))));

    /// <summary>When the next spoke's time is over; null for never.</summary>
    public DateTimeOffset? NextEnd(HubId hub, DateTimeOffset now) => database
        .Read(tx => tx.Query(
            $"select min(expires_at) as next_end from spokes where hub_id = {hub} and enabled and expires_at > {now}", row => row.TimeOrNull("next_end")))
        .Single();

    /// <summary>
    /// The peers, and the other keys of spokes that change theirs. Of a spoke that is gone the other key is left for a moment: known, and not
    /// wanted.
    /// </summary>
    /// <param name="key">Null for all.</param>
    private SqlPart Select(HubId hub, PublicKey? key)
    {
        var isWanted = IsWanted(time.GetUtcNow());
        var (peer, other) = key is { } one
            ? (SqlPart.Of($"and peers.public_key = {one.ToString()}"), SqlPart.Of($"and spoke_rotations.public_key = {one.ToString()}"))
            : (new(""), new(""));
        return SqlPart.Of(
            $"""
            select peers.public_key, leases.slot, leases.address6, case when {isWanted} then 1 else 0 end as wanted, peers.sealed_preshared_key,
                {SpokeNetworks.Column}, spokes.id as spoke_id, spokes.group_name
            from peers join spokes on spokes.id = peers.spoke_id join leases on leases.spoke_id = spokes.id
            where peers.hub_id = {hub} {peer}
            union all
            select spoke_rotations.public_key, null, null, case when {isWanted} then 1 else 0 end, spoke_rotations.sealed_preshared_key, '',
                spoke_rotations.spoke_id, null
            from spoke_rotations left join spokes on spokes.id = spoke_rotations.spoke_id
            where spoke_rotations.hub_id = {hub} {other} and not exists (select 1 from peers where peers.hub_id = {hub}
                and peers.public_key = spoke_rotations.public_key)
            """);
    }

    private (Peer Peer, string? Text) Map(HubId hub, Row row)
    {
        var address = (uint?)row.NumberOrNull("slot");
        var (key, isWanted, text) = (PublicKey.Parse(row.Text("public_key")), row.Number("wanted") == 1, row.TextOrNull("sealed_preshared_key"));
        var column = address is null ? SealedColumns.NextPresharedKey : SealedColumns.PresharedKey;
        return (
            new(key, address, isWanted, isWanted && text is not null ? Open(column, hub, key, text) : null, SpokeNetworks.Parse(row.Text("networks")))
            {
                Address6 = row.TextOrNull("address6"),
                SpokeId = row.Text("spoke_id"),
                Group = row.TextOrNull("group_name"),
            },
            text);
    }

    private Secret Open(SealedColumn column, HubId hub, PublicKey key, string text) =>
        _opened.TryGetValue(key, out var known) && known.Text == text ? known.Secret : column.Open(masterKey, SealedColumns.PeerRow(hub, key.ToString()), text);
}
