using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Features.Reports;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

internal static class HubEndpoints
{
    public static void MapHub(this IEndpointRouteBuilder routes)
    {
        var hub = routes.MapGroup("/api/hub").WithTags("hub");
        hub.MapPost("/initialize", InitializeAsync).RequireAuthorization(Access.Admin).WithSummary("Sets the hub up: network, keys, interface.");
        hub.MapGet("/config", Config).RequireAuthorization(Access.Viewer).WithSummary("The hub's settings; never its private key.");
        hub.MapPut("/config", ChangeAsync)
            .RequireAuthorization(Access.Admin)
            .WithSummary("Changes settings; what is missing stays as it is. A dry run changes nothing: it answers what the hub would be, with a plan.");
        hub.MapGet("/status", StatusAsync)
            .RequireAuthorization(Access.Viewer)
            .WithSummary("The interface as it is now, and how it differs from what it should be.");
    }

    private static async Task<Created<HubInitializedDto>> InitializeAsync(
        HubForm request, HubService service, HttpContext context, CancellationToken cancellationToken)
    {
        var hub = await service.InitializeAsync(request, context.ToActor(), cancellationToken);
        return TypedResults.Created("/api/hub/config", new HubInitializedDto("Hub initialized.", HubDto.From(hub)));
    }

    private static Ok<HubDto> Config(HubStore hubs) => TypedResults.Ok(HubDto.From(hubs.Required()));

    private static async Task<Ok<HubDto>> ChangeAsync(
        HubForm request, HubService service, HubTrial trial, HttpContext context, CancellationToken cancellationToken, bool dryRun = false)
    {
        if (dryRun)
        {
            var plan = await trial.RunAsync(request, context.ToActor(), cancellationToken);
            return TypedResults.Ok(HubDto.From(plan.Question.After) with { Plan = HubPlanDto.From(plan) });
        }

        return TypedResults.Ok(HubDto.From(await service.ChangeAsync(request, context.ToActor(), cancellationToken)));
    }

    private static async Task<Ok<HubStatusDto>> StatusAsync(HubStore hubs, HubState state, HubReports reports, CancellationToken cancellationToken)
    {
        var hub = hubs.Required();
        var report = await reports.ReadAsync(isCompared: true, cancellationToken) ?? throw HubErrors.NotInitialized();
        return TypedResults.Ok(HubStatusDto.From(hub, report, state));
    }
}

internal sealed record HubInitializedDto(string Message, HubDto Config);

internal sealed record HubDto
{
    public required string Id { get; init; }

    public required string InterfaceName { get; init; }

    /// <summary>With the network's prefix.</summary>
    public required string InterfaceAddress { get; init; }

    public required int ListenPort { get; init; }

    public required string PublicKey { get; init; }

    public required string NetworkCIDR { get; init; }

    public required string? InterfaceAddressV6 { get; init; }

    public required string? NetworkCIDRv6 { get; init; }

    public required string PublicEndpoint { get; init; }

    public required string? PrivateEndpoint { get; init; }

    public required IReadOnlyList<string> Dns { get; init; }

    /// <summary>The domain of spokes' names, told beside the DNS servers; null for none.</summary>
    public required string? SearchDomain { get; init; }

    public required int Mtu { get; init; }

    public required bool SpokeToSpoke { get; init; }

    public required bool PresharedKeys { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>In the answer to a dry run alone: what the change would do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HubPlanDto? Plan { get; init; }

    public static HubDto From(HubConfig hub) => new()
    {
        Id = hub.Id.Value,
        InterfaceName = hub.InterfaceName,
        InterfaceAddress = hub.InterfaceAddress,
        ListenPort = hub.ListenPort,
        PublicKey = hub.Key.ToString(),
        NetworkCIDR = hub.Network.ToString(),
        InterfaceAddressV6 = hub.InterfaceAddress6,
        NetworkCIDRv6 = hub.Network6?.ToString(),
        PublicEndpoint = hub.PublicEndpoint.ToString(),
        PrivateEndpoint = hub.PrivateEndpoint?.ToString(),
        Dns = hub.Dns,
        SearchDomain = hub.SearchDomain,
        Mtu = hub.Mtu,
        SpokeToSpoke = hub.SpokeToSpoke,
        PresharedKeys = hub.PresharedKeys,
        CreatedAt = hub.CreatedAt,
        UpdatedAt = hub.UpdatedAt,
    };
}

/// <summary>One peer of the interface. Bytes are counted since the peer was put there.</summary>
internal sealed record HubPeerDto(
    string PublicKey, string? Endpoint, IReadOnlyList<string> AllowedIPs, DateTimeOffset? LastHandshake, long TransferRx, long TransferTx)
{
    public static HubPeerDto From(PublicKey key, PeerSeen peer) => new(
        key.ToString(),
        peer.Endpoint.Length == 0 ? null : peer.Endpoint,
        peer.AllowedIPs.Split(',', StringSplitOptions.RemoveEmptyEntries),
        peer.LatestHandshakeSeconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(peer.LatestHandshakeSeconds),
        peer.ReceivedBytes,
        peer.SentBytes);
}

/// <summary>Numbers of peers that differ from what the database wants.</summary>
internal sealed record DriftDto(int Missing, int Unknown, int Changed);

/// <param name="Up">False when there is no interface, or wg does not tell of it; every peer is missing then.</param>
/// <param name="Failure">What wg or ip said at the last pass; null when all is well.</param>
internal sealed record HubStatusDto(
    string InterfaceName, string PublicKey, int ListenPort, bool Up, IReadOnlyList<HubPeerDto> Peers, DriftDto Drift, DateTimeOffset? LastPass, string? Failure)
{
    public static HubStatusDto From(HubConfig hub, DeviceReport report, HubState state) => new(
        hub.InterfaceName,
        hub.Key.ToString(),
        hub.ListenPort,
        report.IsUp,
        [.. report.Peers.Select(peer => HubPeerDto.From(peer.Key, peer.Value))],
        new(report.Drift.Missing.Count, report.Drift.Unknown.Count, report.Drift.Changed.Count),
        state.LastPass,
        state.Failure);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(HubForm))]
[JsonSerializable(typeof(HubInitializedDto))]
[JsonSerializable(typeof(HubDto))]
[JsonSerializable(typeof(HubStatusDto))]
internal sealed partial class HubJson : JsonSerializerContext;
