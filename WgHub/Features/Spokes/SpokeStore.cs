using System.Net;
using System.Net.Sockets;
using WgHub.Features.Labels;
using WgHub.Features.Routes;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>A spoke that is to be added.</summary>
/// <param name="SealedPresharedKey">Under the master key; null for none.</param>
internal sealed record NewSpoke(Spoke Spoke, string? SealedPresharedKey);

/// <summary>The tables of spokes and their peers. Methods that take a connection run inside the caller's transaction.</summary>
internal sealed class SpokeStore(Database database, MasterKey masterKey, OwnHubRoutes hubRoutes)
{
    private const int OwnersOffered = 200;

    private static readonly SqlPart WithPeers = new("spokes join peers on peers.spoke_id = spokes.id and peers.hub_id = spokes.hub_id");

    private static readonly SqlPart WithNames = SqlPart.Of($"{WithPeers} join leases on leases.spoke_id = spokes.id");

    private static readonly SqlPart Joined = SqlPart.Of($"{WithNames} {NodeFacts.Join}");

    /// <summary>Adds a spoke and its peer.</summary>
    /// <param name="presharedKey">Null for none.</param>
    /// <exception cref="Web.AppException">DUPLICATE_PUBLIC_KEY.</exception>
    public void Add(Tx tx, Spoke spoke, Secret? presharedKey, string tokenId)
    {
        var key = spoke.Key.ToString();
        tx.Execute($"insert into spokes (token_id, {Spoke.OwnColumns}) values ({tokenId}, {spoke.OwnValues})");
        var added = tx.Execute(
            $"""
            insert into peers (hub_id, public_key, spoke_id, counter_received, counter_sent, received_bytes, sent_bytes, sealed_preshared_key)
            select {spoke.Hub}, {key}, {spoke.Id}, 0, 0, 0, 0, {Seal(spoke.Hub, key, presharedKey)}
            where not exists (select 1 from spoke_rotations where hub_id = {spoke.Hub} and public_key = {key})
            on conflict (hub_id, public_key) do nothing
            """);
        if (added == 0)
        {
            throw SpokeErrors.DuplicatePublicKey();
        }
    }

    public static string? NameOf(Tx tx, string id) =>
        tx.First($"select name from leases join spokes on spokes.id = leases.spoke_id where spokes.id = {id}", row => row.Text("name"));

    public static long CountAll(Tx tx) => tx.Count($"select count(*) from spokes");

    /// <summary>A spoke that comes without a token; what costs time is done here, before the transaction.</summary>
    public NewSpoke Prepare(Spoke spoke, Secret? presharedKey) => new(spoke, Seal(spoke.Hub, spoke.Key.ToString(), presharedKey));

    /// <summary>Adds spokes that came without a token, and their peers.</summary>
    /// <returns>False when a key of them is somebody else's by now: then the caller's transaction has to end.</returns>
    public bool TryAddAll(Tx tx, HubId hub, IReadOnlyList<NewSpoke> spokes)
    {
        var before = tx.Count($"select count(*) from peers");
        tx.ExecuteEach(
            spokes,
            spoke =>
                $"""
                insert into spokes (token_id, {Spoke.OwnColumns}) values ('', {spoke.Spoke.OwnValues})
                """);
        tx.ExecuteEach(
            spokes,
            spoke =>
                $"""
                insert into peers (hub_id, public_key, spoke_id, counter_received, counter_sent, received_bytes, sent_bytes, sealed_preshared_key)
                select {hub}, {spoke.Spoke.Key.ToString()}, {spoke.Spoke.Id}, 0, 0, 0, 0, {spoke.SealedPresharedKey}
                where not exists (select 1 from spoke_rotations where hub_id = {hub} and public_key = {spoke.Spoke.Key.ToString()})
                on conflict do nothing
                """);
        return tx.Count($"select count(*) from peers") - before == spokes.Count;
    }

    /// <summary>Gives a spoke another key. Its traffic goes on from the totals that <paramref name="spoke"/> tells: the new peer counts from zero.</summary>
    /// <exception cref="Web.AppException">DUPLICATE_PUBLIC_KEY.</exception>
    public void ChangeKey(Tx tx, Spoke spoke, PublicKey key, Secret? presharedKey)
    {
        var text = key.ToString();
        var changed = tx.Execute(
            $"""
            update peers set public_key = {text}, sealed_preshared_key = {Seal(spoke.Hub, text, presharedKey)},
                generation = null, counter_received = 0, counter_sent = 0, received_bytes = {spoke.ReceivedBytes}, sent_bytes = {spoke.SentBytes},
                last_handshake_at = {spoke.LastHandshake}, endpoint = {spoke.Endpoint}
            where spoke_id = {spoke.Id} and hub_id = {spoke.Hub} and not exists (select 1 from peers as other where other.hub_id = {spoke.Hub}
                and other.public_key = {text})
            """);
        if (changed == 0)
        {
            throw SpokeErrors.DuplicatePublicKey();
        }
    }

    /// <summary>Another machine, or the same one anew, is this spoke now.</summary>
    public void ChangeMachine(Tx tx, Spoke spoke, string tokenId) =>
        tx.Execute($"update spokes set token_id = {tokenId}, {spoke.OfMachine} where id = {spoke.Id}");

    /// <summary>Removes the spoke and its peer; the lease is its owner's to free.</summary>
    public void Remove(Tx tx, string id)
    {
        tx.Execute($"delete from peers where spoke_id = {id}");
        tx.Execute($"delete from spokes where id = {id}");
    }

    /// <summary>Its machine has these now.</summary>
    /// <param name="routes">As <see cref="HubRoutes.TextOf"/> writes them.</param>
    public void HoldRoutes(Tx tx, string id, string routes) => tx.Execute($"update spokes set held_routes = {routes} where id = {id}");

    /// <summary>Its tunnel has to begin anew, or that of all of a hub: a handshake of before tells nothing of it.</summary>
    /// <param name="id">Null for all.</param>
    public void BeginAnew(Tx tx, HubId hub, string? id)
    {
        var from = tx.Now.ToUnixTimeSeconds() * 1000; // WireGuard tells whole seconds
        var whose = id is null ? SqlPart.Of($"hub_id = {hub}") : SqlPart.Of($"hub_id = {hub} and spoke_id = {id}");
        tx.Execute($"update peers set handshakes_from = {from} where {whose}");
    }

    /// <summary>Writes what people change.</summary>
    public void Update(Tx tx, Spoke spoke) => tx.Execute($"update spokes set {spoke.OfPeople} where id = {spoke.Id}");

    /// <summary>The spokes of a cluster, by name.</summary>
    public IReadOnlyList<Spoke> OfCluster(Tx tx, string clusterId) =>
        tx.Query($"select {Spoke.Columns} from {Joined} where node_facts.cluster_id = {clusterId} order by leases.name_key", Map());

    /// <summary>The first nodes that are in no cluster, by name, and how many there are.</summary>
    public (IReadOnlyList<Spoke> Spokes, long Total) StandaloneNodes(Tx tx, int limit)
    {
        var standalone = new SqlPart("node_facts.spoke_id is not null and node_facts.cluster_id is null");
        return (
            tx.Query($"select {Spoke.Columns} from {Joined} where {standalone} order by leases.name_key limit {limit}", Map()),
            tx.Count($"select count(*) from node_facts where {standalone}"));
    }

    public Spoke? Find(Tx tx, string id) =>
        tx.First($"select {Spoke.Columns} from {Joined} where spokes.id = {id}", Map());

    public Spoke? Find(string id) => database.Read(tx => Find(tx, id));

    public SpokeOrigin? OriginOf(string id) => database.Read(tx => SpokeOrigin.Find(tx, id));

    public Spoke? FindByKey(Tx tx, HubId hub, PublicKey key) =>
        tx.First($"select {Spoke.Columns} from {Joined} where peers.hub_id = {hub} and peers.public_key = {key.ToString()}", Map());

    /// <summary>The spoke whose own address in the tunnel a request comes from: only the holder of its private key can send from there.</summary>
    public Spoke? FindByTunnel(Tx tx, IPAddress? from)
    {
        var address = from is { IsIPv4MappedToIPv6: true } ? from.MapToIPv4() : from;
        return address is { AddressFamily: AddressFamily.InterNetwork }
            ? tx.First($"select {Spoke.Columns} from {Joined} where leases.slot = {(long)Ipv4Network.ToNumber(address)}", Map())
            : null;
    }

    /// <summary>A page of spokes and the number that match.</summary>
    public Part<Spoke> List(SpokeQuery query, Paging paging) => database.Read(tx =>
    {
        var rows = tx.Query(
            $"""
            select {Spoke.Columns} from {Joined} where {SpokeConditions.Matching(query, hubRoutes.Now, tx.Now)}
            order by {SpokeConditions.Order(query)} limit {paging.PageSize} offset {paging.Offset}
            """,
            Map());

        // A first page that is not full is all of them: a search that finds little goes through the table once.
        return new Part<Spoke>(rows, paging.Page == 1 && rows.Count < paging.PageSize ? rows.Count : Count(tx, query), paging);
    });

    /// <summary>All that match, by name.</summary>
    public IReadOnlyList<Spoke> All(Tx tx, SpokeQuery query) =>
        tx.Query($"select {Spoke.Columns} from {Joined} where {SpokeConditions.Matching(query, hubRoutes.Now, tx.Now)} order by leases.name_key", Map());

    public IReadOnlyList<Spoke> All(SpokeQuery query) => database.Read(tx => All(tx, query));

    /// <summary>Every spoke's key and name.</summary>
    public static IReadOnlyList<(PublicKey Key, string Name)> Known(Tx tx, HubId hub) => tx.Query(
        $"select peers.public_key, leases.name from {WithNames} where spokes.hub_id = {hub}",
        row => (PublicKey.Parse(row.Text("public_key")), row.Text("name")));

    /// <summary>Every spoke's id and name, by name.</summary>
    public IReadOnlyList<(string Id, string Name)> Called(HubId hub) => database.Read(tx => tx.Query(
        $"select spokes.id, leases.name from {WithNames} where spokes.hub_id = {hub} order by leases.name_key",
        row => (row.Text("id"), row.Text("name"))));

    /// <summary>They belong to nobody any more.</summary>
    public static int Disown(Tx tx, string owner) => tx.Execute($"update spokes set owner = '' where owner = {owner}");

    /// <summary>The first hundred names.</summary>
    public IReadOnlyList<string> Names(Tx tx, HubId hub) =>
        tx.Query($"select leases.name from {WithNames} where spokes.hub_id = {hub} order by leases.name_key limit 100", row => row.Text("name"));

    /// <summary>What a list can be narrowed to: the systems and clusters that there are.</summary>
    public SpokeChoices Choices() => database.Read(tx => new SpokeChoices(
        tx.Query($"select distinct os from spokes order by os", row => row.Text("os")),
        tx.Query($"select distinct cluster_name from node_facts where cluster_name is not null order by cluster_name", row => row.Text("cluster_name")),
        Groups(tx),
        [.. tx.Query($"select distinct tags from spokes where tags <> ''", row => Tags.FromStored(row.Text("tags")))
            .SelectMany(tags => tags.Words).Distinct().Order(StringComparer.Ordinal)],
        tx.Query($"select distinct owner from spokes where owner <> '' order by owner limit {OwnersOffered}", row => row.Text("owner"))));

    /// <summary>The groups that there are.</summary>
    public IReadOnlyList<string> Groups() => database.Read(Groups);

    private static IReadOnlyList<string> Groups(Tx tx) =>
        tx.Query($"select distinct group_name from spokes where group_name is not null order by group_name", row => row.Text("group_name"));

    /// <summary>How many spokes each group has.</summary>
    public IReadOnlyDictionary<string, long> CountByGroup(Tx tx) => tx.Query(
        $"select group_name, count(*) as many from spokes where group_name is not null group by group_name",
        row => KeyValuePair.Create(row.Text("group_name"), row.Number("many"))).ToDictionary();

    /// <returns>The name of each key that a spoke has, by key.</returns>
    public IReadOnlyDictionary<PublicKey, string> NamesOf(HubId hub, IEnumerable<PublicKey> keys) => database.Read(tx => keys
        .Select(key => FindByKey(tx, hub, key))
        .OfType<Spoke>()
        .ToDictionary(spoke => spoke.Key, spoke => spoke.Name));

    public SpokeCounts Count() => database.Read(tx => tx.First(
        $"""
        select count(*) as total,
            count(*) filter (where {SpokeConditions.StatusIs(SpokeStatus.Active, tx.Now)}) as active,
            count(*) filter (where {SpokeConditions.StatusIs(SpokeStatus.Inactive, tx.Now)}) as inactive,
            count(*) filter (where {SpokeConditions.StatusIs(SpokeStatus.Pending, tx.Now)}) as pending,
            count(*) filter (where {SpokeConditions.ExpiresWithin(Spoke.ExpiryNotice, tx.Now)} and spokes.enabled) as expiring
        from spokes join peers on peers.spoke_id = spokes.id and peers.hub_id = spokes.hub_id
        """,
        row => new SpokeCounts(row.Number("total"), row.Number("active"), row.Number("inactive"), row.Number("pending"), row.Number("expiring"))))!;

    private Func<Row, Spoke> Map()
    {
        var hub = hubRoutes.Now;
        return row => Spoke.Map(row, hub);
    }

    private string? Seal(HubId hub, string key, Secret? presharedKey) =>
        presharedKey is null ? null : SealedColumns.PresharedKey.Seal(masterKey, SealedColumns.PeerRow(hub, key), presharedKey);

    /// <summary>Joins what the conditions go by alone: with all of it, counting cost more than the page.</summary>
    private long Count(Tx tx, SpokeQuery query) => query.Search is { Length: > 0 }
        ? tx.Count($"select count(*) from {WithNames} where {SpokeConditions.Matching(query, hubRoutes.Now, tx.Now)}")
        : tx.Count($"select count(*) from {WithPeers} where {SpokeConditions.Narrowed(query, hubRoutes.Now, tx.Now)}");
}
