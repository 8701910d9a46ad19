using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Networks;

/// <summary>The tables of networks and of barred ones. Methods that take a transaction run inside the caller's.</summary>
internal sealed class NetworkStore(Database database)
{
    private static readonly SqlPart Select = new(
        """
        select networks.id, networks.hub_id, networks.name, networks.cidr, networks.behind, networks.via_spoke_id, networks.standby_spoke_id,
            networks.active_spoke_id, networks.active_since, networks.held, networks.masquerade, networks.created_at,
            via.name as via_name, via.address as via_address, via.address6 as via_address6, via_peers.public_key as via_key,
            standby.name as standby_name, standby.address as standby_address, standby.address6 as standby_address6, standby_peers.public_key as standby_key
        from networks
        left join leases as via on via.spoke_id = networks.via_spoke_id
        left join peers as via_peers on via_peers.spoke_id = networks.via_spoke_id and via_peers.hub_id = networks.hub_id
        left join leases as standby on standby.spoke_id = networks.standby_spoke_id
        left join peers as standby_peers on standby_peers.spoke_id = networks.standby_spoke_id and standby_peers.hub_id = networks.hub_id
        """);

    /// <summary>All of a hub, by name.</summary>
    public IReadOnlyList<Network> All(HubId hub) => database.Read(tx => All(tx, hub));

    public IReadOnlyList<Network> All(Tx tx, HubId hub) => tx.Query($"{Select} where networks.hub_id = {hub} order by networks.name_key", Network.Map);

    /// <summary>Those that may move: somebody stands by, or whoever carried it is gone.</summary>
    public IReadOnlyList<Network> Moving(HubId hub) => database.Read(tx => tx.Query(
        $"""
        {Select} where networks.hub_id = {hub} and (networks.standby_spoke_id is not null
            or (networks.via_spoke_id is not null and networks.active_spoke_id is null)) order by networks.name_key
        """,
        Network.Map));

    /// <summary>What a spoke leads to, whether it carries it now or stands by.</summary>
    public IReadOnlyList<Network> Behind(Tx tx, string spokeId) => tx.Query(
        $"{Select} where networks.via_spoke_id = {spokeId} or networks.standby_spoke_id = {spokeId} order by networks.cidr", Network.Map);

    /// <inheritdoc cref="Behind(Tx, string)"/>
    public IReadOnlyList<Network> Behind(string spokeId) => database.Read(tx => Behind(tx, spokeId));

    public Network? Find(Tx tx, string id) => tx.First($"{Select} where networks.id = {id}", Network.Map);

    public Network? Find(string id) => database.Read(tx => Find(tx, id));

    public static string? NameOf(Tx tx, string id) => tx.First($"select name from networks where id = {id}", row => row.Text("name"));

    /// <returns>False when the name or the network is taken.</returns>
    public bool TryAdd(Tx tx, Network network) => tx.Execute(
        $"""
        insert into networks (id, hub_id, name, name_key, cidr, behind, via_spoke_id, standby_spoke_id, active_spoke_id, active_since, held, masquerade,
            created_at)
        values ({network.Id}, {network.Hub}, {network.Name.Text}, {network.Name.Key}, {network.Cidr.ToString()}, {Word(network)},
            {network.Via?.SpokeId}, {network.Standby?.SpokeId}, {network.ActiveId}, {network.ActiveSince}, {network.IsHeld}, {network.Masquerade},
            {network.CreatedAt})
        on conflict do nothing
        """) == 1;

    /// <summary>Networks that came with their spokes: each behind one, under a name of ours.</summary>
    /// <returns>False when a name or a network of them is taken: then the caller's transaction has to end.</returns>
    public bool TryAddAll(Tx tx, HubId hub, IReadOnlyList<(string SpokeId, string SpokeName, Cidr Network)> all)
    {
        var before = tx.Count($"select count(*) from networks");
        tx.ExecuteEach(
            [.. all.Select(one => (one.SpokeId, Name: NetworkName.For(one.SpokeName, one.Network), one.Network))],
            one =>
                $"""
                insert into networks (id, hub_id, name, name_key, cidr, behind, via_spoke_id, active_spoke_id, active_since, held, masquerade, created_at)
                values ({Guid.CreateVersion7(tx.Now).ToString()}, {hub}, {one.Name.Text}, {one.Name.Key}, {one.Network.ToString()}, 'spoke', {one.SpokeId},
                    {one.SpokeId}, {tx.Now}, {false}, {false}, {tx.Now})
                on conflict do nothing
                """);
        return tx.Count($"select count(*) from networks") - before == all.Count;
    }

    public void Update(Tx tx, Network network) => tx.Execute(
        $"""
        update networks set name = {network.Name.Text}, name_key = {network.Name.Key}, cidr = {network.Cidr.ToString()}, behind = {Word(network)},
            via_spoke_id = {network.Via?.SpokeId}, standby_spoke_id = {network.Standby?.SpokeId}, active_spoke_id = {network.ActiveId},
            active_since = {network.ActiveSince}, held = {network.IsHeld}, masquerade = {network.Masquerade}
        where id = {network.Id}
        """);

    public void Remove(Tx tx, string id) => tx.Execute($"delete from networks where id = {id}");

    /// <summary>Takes away what came with a spoke that is taken back.</summary>
    public void RemoveBehind(Tx tx, string spokeId) => tx.Execute($"delete from networks where via_spoke_id = {spokeId}");

    /// <summary>What must never be reached, by address.</summary>
    public IReadOnlyList<BarredNetwork> Barred(HubId hub) => database.Read(tx => Barred(tx, hub));

    public IReadOnlyList<BarredNetwork> Barred(Tx tx, HubId hub) => tx.Query(
        $"select cidr, note from barred_networks where hub_id = {hub} order by cidr", row => new BarredNetwork(Cidr.Parse(row.Text("cidr")), row.Text("note")));

    /// <summary>Puts a list in the place of the one before.</summary>
    public void SetBarred(Tx tx, HubId hub, IReadOnlyList<BarredNetwork> barred)
    {
        tx.Execute($"delete from barred_networks where hub_id = {hub}");
        tx.ExecuteEach(barred, one => $"insert into barred_networks (hub_id, cidr, note) values ({hub}, {one.Cidr.ToString()}, {one.Note})");
    }

    private static string Word(Network network) => network.IsBehindHub ? "hub" : "spoke";
}
