using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Features.Spokes;
using WgHub.Web;

namespace WgHub.Features.Clusters;

internal static class ClusterEndpoints
{
    public static void MapClusters(this IEndpointRouteBuilder routes)
    {
        var clusters = routes.MapGroup("/api/proxmox").WithTags("clusters");
        clusters.MapGet("/clusters", List)
            .WithMetadata(new ShowsPeersAttribute())
            .RequireAuthorization(Access.Viewer)
            .WithSummary("Proxmox VE clusters, by datacenter and name.");
        clusters.MapGet("/clusters/{id}", Find)
            .WithMetadata(new ShowsPeersAttribute())
            .RequireAuthorization(Access.Viewer)
            .WithSummary("One cluster with its nodes, also those that have no spoke yet.");
        clusters.MapPatch("/clusters/{id}", ChangeAsync)
            .RequireAuthorization(Access.Operator)
            .WithSummary("Changes a cluster's datacenter or description; an empty text takes it away.");
    }

    private static Ok<ClusterListDto> List(ClusterTrees trees, TimeProvider time, string? q, int page = 1, int pageSize = 200)
    {
        var now = time.GetUtcNow();
        return TypedResults.Ok(ClusterListDto.From(trees.List(q, Paging.From(page, pageSize)).Select(cluster => ClusterDto.From(cluster, now))));
    }

    private static Ok<ClusterDto> Find(string id, ClusterTrees trees, TimeProvider time) => TypedResults.Ok(WithNodes(trees.Required(id), time.GetUtcNow()));

    private static async Task<Ok<ClusterDto>> ChangeAsync(
        string id, ChangeCluster request, ClusterService service, ClusterTrees trees, TimeProvider time, HttpContext context,
        CancellationToken cancellationToken)
    {
        await service.ChangeAsync(id, request, context.ToActor(), cancellationToken);
        return TypedResults.Ok(WithNodes(trees.Required(id), time.GetUtcNow()));
    }

    private static ClusterDto WithNodes(ClusterTree tree, DateTimeOffset now) =>
        ClusterDto.From(tree, now) with { Nodes = [.. tree.Nodes.Select(node => ClusterNodeDto.From(node, now))] };
}

/// <param name="ActiveCount">Nodes whose tunnel is alive.</param>
internal sealed record ClusterDto(
    string Id, string ClusterName, string Site, string Datacenter, string Description, int NodeCount, int ActiveCount, DateTimeOffset CreatedAt)
{
    /// <summary>Only where one cluster is asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ClusterNodeDto>? Nodes { get; init; }

    public static ClusterDto From(ClusterTree tree, DateTimeOffset now) => new(
        tree.Cluster.Id, tree.Cluster.Name, tree.Cluster.Site, tree.Cluster.Datacenter, tree.Cluster.Description, tree.Nodes.Count,
        tree.ActiveAt(now), tree.Cluster.CreatedAt);
}

/// <param name="Number">corosync's; null when the cluster does not know the node any more.</param>
/// <param name="ClusterAddress">In the cluster's own network.</param>
/// <param name="Spoke">Null while it has none.</param>
internal sealed record ClusterNodeDto(string Name, long? Number, string? ClusterAddress, ClusterSpokeDto? Spoke)
{
    public static ClusterNodeDto From(ClusterNode node, DateTimeOffset now) => new(
        node.Name,
        node.Member?.Number,
        node.Member?.Address,
        node.Spoke is { } spoke ? new(spoke.Id, spoke.Name, [$"{spoke.Address}/32"], spoke.StatusAt(now), spoke.Node?.Version, spoke.LastHandshake) : null);
}

internal sealed record ClusterSpokeDto(
    string Id, string Name, IReadOnlyList<string> AllowedIPs, SpokeStatus Status, string? ProxmoxVersion, DateTimeOffset? LastHandshake);

internal sealed record ClusterListDto(IReadOnlyList<ClusterDto> Clusters, long Total, int Page, int PageSize)
{
    public static ClusterListDto From(Part<ClusterDto> part) => new(part.Rows, part.Total, part.Paging.Page, part.Paging.PageSize);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ChangeCluster))]
[JsonSerializable(typeof(ClusterDto))]
[JsonSerializable(typeof(ClusterListDto))]
internal sealed partial class ClusterJson : JsonSerializerContext;
