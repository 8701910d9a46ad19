using Microsoft.Data.Sqlite;
using WgHub.Features.Spokes;
using WgHub.Storage;

namespace WgHub.Features.Clusters;

/// <summary>
/// The tables of clusters and their nodes. Methods that take a connection run inside the caller's transaction. A cluster whose last
/// spoke was removed is not there any more, for whoever asks; its row goes with the next change.
/// </summary>
internal sealed class ClusterStore(Database database, SpokeStore spokes)
{
    private static readonly SqlPart Columns = new("id, name, site, datacenter, description, created_at");

    private static readonly SqlPart HasSpokes = new("exists (select 1 from spokes where spokes.cluster_id = clusters.id)");

    /// <summary>The clusters of that name.</summary>
    public IReadOnlyList<KnownCluster> Named(SqliteConnection db, string name) =>
    [
        .. db.Query($"select {Columns} from clusters where hub_id = {database.HubId} and name = {name} and {HasSpokes}", Map)
            .Select(cluster => new KnownCluster(cluster.Id, cluster.Site, MembersOf(db, cluster.Id).Select(member => member.Name).ToHashSet())),
    ];

    public void Add(SqliteConnection db, Cluster cluster) =>
        db.Execute(
            $"""
            insert into clusters (id, hub_id, name, site, datacenter, description, created_at)
            values ({cluster.Id}, {database.HubId}, {cluster.Name}, {cluster.Site}, {cluster.Datacenter}, {cluster.Description}, {cluster.CreatedAt.ToUnixTimeMilliseconds()})
            """);

    public void Update(SqliteConnection db, Cluster cluster) =>
        db.Execute($"update clusters set datacenter = {cluster.Datacenter}, description = {cluster.Description} where id = {cluster.Id}");

    public void RemoveEmpty(SqliteConnection db) => db.Execute($"delete from clusters where hub_id = {database.HubId} and not {HasSpokes}");

    public Cluster? Find(SqliteConnection db, string id) =>
        db.First($"select {Columns} from clusters where id = {id} and hub_id = {database.HubId} and {HasSpokes}", Map);

    public ClusterTree? FindTree(string id) => database.Read(db => Find(db, id) is { } cluster ? TreeOf(db, cluster) : null);

    /// <summary>A page of clusters with their nodes, by datacenter and name; those without a datacenter come last.</summary>
    /// <param name="search">Part of a name of the cluster, its datacenter or a node, case-blind; null for all.</param>
    public (IReadOnlyList<ClusterTree> Clusters, long Total) List(string? search, int limit, int offset)
    {
        var matching = SqlPart.Of($"hub_id = {database.HubId} and {HasSpokes}");
        if (search is { Length: > 0 })
        {
            var part = search.ToLowerInvariant();
            matching = matching.And(
                $"""
                instr(lower(name), {part}) > 0 or instr(lower(datacenter), {part}) > 0
                    or exists (select 1 from cluster_nodes where cluster_id = clusters.id and instr(lower(cluster_nodes.name), {part}) > 0)
                """);
        }

        return database.Read(db => (
            (IReadOnlyList<ClusterTree>)
            [
                .. db.Query($"select {Columns} from clusters where {matching} order by datacenter = '', datacenter, name, id limit {limit} offset {offset}", Map)
                    .Select(cluster => TreeOf(db, cluster)),
            ],
            db.Count($"select count(*) from clusters where {matching}")));
    }

    public (IReadOnlyList<Spoke> Spokes, long Total) StandaloneNodes(int limit) => database.Read(db => spokes.StandaloneNodes(db, limit));

    /// <summary>All members of the cluster, by name.</summary>
    public IReadOnlyList<PveMember> MembersOf(SqliteConnection db, string id) => db.Query(
        $"select name, number, address, online from cluster_nodes where cluster_id = {id} order by name",
        row => new PveMember(row.GetString(0), row.GetInt64(1), row.TextOrNull(2), row.GetBoolean(3)));

    /// <summary>Puts the members that a node told just now in the place of those before.</summary>
    public void SetMembers(SqliteConnection db, string id, IEnumerable<PveMember> members, DateTimeOffset now)
    {
        db.Execute($"delete from cluster_nodes where cluster_id = {id}");
        foreach (var member in members)
        {
            db.Execute(
                $"""
                insert into cluster_nodes (cluster_id, name, number, address, online, told_at)
                values ({id}, {member.Name}, {member.Number}, {member.Address}, {member.IsOnline}, {now.ToUnixTimeMilliseconds()})
                """);
        }
    }

    private ClusterTree TreeOf(SqliteConnection db, Cluster cluster) =>
        ClusterTree.Of(cluster, MembersOf(db, cluster.Id), spokes.OfCluster(db, cluster.Id));

    private static Cluster Map(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.Time(5));
}
