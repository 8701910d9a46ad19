using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Clusters;

/// <summary>
/// The tables of clusters and their nodes. Methods that take a connection run inside the caller's transaction. A cluster whose last
/// spoke was removed is not there any more, for whoever asks; its row goes with the next change.
/// </summary>
internal sealed class ClusterStore(Database database, SpokeStore spokes)
{
    private static readonly SqlPart Columns = new("id, hub_id, name, site, datacenter, description, created_at");

    private static readonly SqlPart HasSpokes = new("exists (select 1 from node_facts where node_facts.cluster_id = clusters.id)");

    /// <summary>The clusters of that name.</summary>
    public IReadOnlyList<KnownCluster> Named(Tx tx, HubId hub, string name) =>
    [
        .. tx.Query($"select {Columns} from clusters where hub_id = {hub} and name = {name} and {HasSpokes}", Map)
            .Select(cluster => Known(tx, cluster)),
    ];

    public KnownCluster Known(Tx tx, Cluster cluster) => new(cluster.Id, cluster.Site, MembersOf(tx, cluster.Id).Select(member => member.Name).ToHashSet());

    /// <summary>It is the same cluster, for all of its nodes.</summary>
    public void Rename(Tx tx, string id, string name)
    {
        tx.Execute($"update clusters set name = {name} where id = {id}");
        tx.Execute($"update node_facts set cluster_name = {name} where cluster_id = {id}");
    }

    public void Add(Tx tx, Cluster cluster) =>
        tx.Execute(
            $"""
            insert into clusters (id, hub_id, name, site, datacenter, description, created_at)
            values ({cluster.Id}, {cluster.Hub}, {cluster.Name}, {cluster.Site}, {cluster.Datacenter}, {cluster.Description},
                {cluster.CreatedAt})
            """);

    public void Update(Tx tx, Cluster cluster) =>
        tx.Execute($"update clusters set datacenter = {cluster.Datacenter}, description = {cluster.Description} where id = {cluster.Id}");

    public void RemoveEmpty(Tx tx) => tx.Execute($"delete from clusters where not {HasSpokes}");

    public static string? NameOf(Tx tx, string id) => tx.First($"select name from clusters where id = {id}", row => row.Text("name"));

    public Cluster? Find(Tx tx, string id) =>
        tx.First($"select {Columns} from clusters where id = {id} and {HasSpokes}", Map);

    public ClusterTree? FindTree(string id) => database.Read(tx => Find(tx, id) is { } cluster ? TreeOf(tx, cluster) : null);

    /// <summary>A page of clusters with their nodes, by datacenter and name; those without a datacenter come last.</summary>
    /// <param name="search">Part of a name of the cluster, its datacenter or a node, case-blind; null for all.</param>
    public Part<ClusterTree> List(string? search, Paging paging)
    {
        var matching = HasSpokes;
        if (search is { Length: > 0 })
        {
            var part = search.ToLowerInvariant();
            matching = matching.And(
                $"""
                {Sql.Contains("lower(name)", part)} or {Sql.Contains("lower(datacenter)", part)}
                    or exists (select 1 from cluster_nodes where cluster_id = clusters.id and {Sql.Contains("lower(cluster_nodes.name)", part)})
                """);
        }

        return database.Read(tx => new Part<Cluster>(
            tx.Query(
                $"""
                select {Columns} from clusters where {matching}
                order by datacenter = '', datacenter, name, id limit {paging.PageSize} offset {paging.Offset}
                """,
                Map),
            tx.Count($"select count(*) from clusters where {matching}"),
            paging).Select(cluster => TreeOf(tx, cluster)));
    }

    public (IReadOnlyList<Spoke> Spokes, long Total) StandaloneNodes(int limit) => database.Read(tx => spokes.StandaloneNodes(tx, limit));

    /// <summary>All members of the cluster, by name.</summary>
    public IReadOnlyList<PveMember> MembersOf(Tx tx, string id) => tx.Query(
        $"select name, number, address, online from cluster_nodes where cluster_id = {id} order by name",
        row => new PveMember(row.Text("name"), row.Number("number"), row.TextOrNull("address"), row.Flag("online")));

    /// <summary>Puts the members that a node told just now in the place of those before.</summary>
    public void SetMembers(Tx tx, string id, IEnumerable<PveMember> members, DateTimeOffset now)
    {
        tx.Execute($"delete from cluster_nodes where cluster_id = {id}");
        foreach (var member in members)
        {
            tx.Execute(
                $"""
                insert into cluster_nodes (cluster_id, name, number, address, online, told_at)
                values ({id}, {member.Name}, {member.Number}, {member.Address}, {member.IsOnline}, {now})
                """);
        }
    }

    /// <summary>Keeps what a spoke that is a node told of itself, and the cluster that it is in.</summary>
    public void SetNode(Tx tx, string spokeId, NodeFacts node) =>
        tx.Execute(
            $"""
            insert into node_facts (spoke_id, node, version, cluster_name, cluster_id, bridges)
            values ({spokeId}, {node.Name}, {node.Version}, {node.ClusterName}, {node.ClusterId}, {node.BridgesText})
            on conflict (spoke_id) do update set node = excluded.node, version = excluded.version, cluster_name = excluded.cluster_name,
                cluster_id = excluded.cluster_id, bridges = excluded.bridges
            """);

    private ClusterTree TreeOf(Tx tx, Cluster cluster) =>
        ClusterTree.Of(cluster, MembersOf(tx, cluster.Id), spokes.OfCluster(tx, cluster.Id));

    private static Cluster Map(Row row) => new(
        row.Text("id"), new(row.Text("hub_id")), row.Text("name"), row.Text("site"), row.Text("datacenter"), row.Text("description"), row.Time("created_at"));
}
