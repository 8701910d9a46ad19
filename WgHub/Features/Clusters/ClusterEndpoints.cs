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

/// <summary>A node, named as its spoke is in the API; of one without a spoke the cluster alone tells.</summary>
internal sealed record ClusterNodeDto
{
    /// <summary>Of the spoke; null while it has none, and so with what else is a spoke's.</summary>
    public required string? Id { get; init; }

    /// <inheritdoc cref="Id"/>
    public required string? Name { get; init; }

    /// <summary>As the cluster calls it.</summary>
    public required string ProxmoxNodeName { get; init; }

    public required IReadOnlyList<string> AllowedIPs { get; init; }

    public required SpokeStatus? Status { get; init; }

    public required DateTimeOffset? LastHandshake { get; init; }

    public required string? ProxmoxVersion { get; init; }

    /// <summary>corosync's; null when the cluster does not know the node any more.</summary>
    public required long? Number { get; init; }

    /// <summary>In the cluster's own network.</summary>
    public required string? ClusterAddress { get; init; }

    public static ClusterNodeDto From(ClusterNode node, DateTimeOffset now) => new()
    {
        Id = node.Spoke?.Id,
        Name = node.Spoke?.Name,
        ProxmoxNodeName = node.Name,
        AllowedIPs = node.Spoke is { } spoke ? [$"{spoke.Address}/32"] : [],
        Status = node.Spoke?.StatusAt(now),
        LastHandshake = node.Spoke?.LastHandshake,
        ProxmoxVersion = node.Spoke?.Node?.Version,
        Number = node.Member?.Number,
        ClusterAddress = node.Member?.Address,
    };
}

internal sealed record ClusterListDto(IReadOnlyList<ClusterDto> Clusters, long Total, int Page, int PageSize)
{
    public static ClusterListDto From(Part<ClusterDto> part) => new(part.Rows, part.Total, part.Paging.Page, part.Paging.PageSize);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ChangeCluster))]
[JsonSerializable(typeof(ClusterDto))]
[JsonSerializable(typeof(ClusterListDto))]
internal sealed partial class ClusterJson : JsonSerializerContext;
