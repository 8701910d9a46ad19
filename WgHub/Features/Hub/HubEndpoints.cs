using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Hosting;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

internal static class HubEndpoints
{
    public static void AddHub(this IServiceCollection services)
    {
        services.AddSingleton<HubStore>();
        services.AddSingleton<HubRotationStore>();
        services.AddSingleton<HubService>();
        services.AddSingleton<HubChecks>();
        services.AddSingleton<HubInterface>();
        services.AddSingleton<HubState>();
        services.AddSingleton<DriftCheck>();
        services.AddSingleton<DriftRepair>();
        services.AddSingleton<ConfFile>();
        services.AddSingleton<InterfaceMirror>();
        services.AddSingleton<RouteMirror>();
        services.AddHostedService<PeerChangeLoop>();
        services.AddLoop<Reconciler>();
        services.AddSingleton(provider => new HostNames(() => provider.GetRequiredService<HubStore>().Current?.HostNames ?? []));
        services.AddApiJson(HubJson.Default);
    }

    public static void MapHub(this IEndpointRouteBuilder routes)
    {
        var hub = routes.MapGroup("/api/hub").WithTags("hub");
        hub.MapPost("/initialize", InitializeAsync).RequireAuthorization(Access.Admin).WithSummary("Sets the hub up: network, keys, interface.");
        hub.MapGet("/config", Config).RequireAuthorization(Access.Viewer).WithSummary("The hub's settings; never its private key.");
        hub.MapPut("/config", ChangeAsync).RequireAuthorization(Access.Admin).WithSummary("Changes settings; what is missing stays as it is.");
        hub.MapGet("/status", StatusAsync).RequireAuthorization(Access.Viewer).WithSummary("The interface as it is now, and how it differs from what it should be.");
    }

    private static async Task<Created<HubInitializedDto>> InitializeAsync(HubForm request, HubService service, HttpContext context, CancellationToken cancellationToken)
    {
        var hub = await service.InitializeAsync(request, context.ToActor(), cancellationToken);
        return TypedResults.Created("/api/hub/config", new HubInitializedDto("Hub initialized.", HubDto.From(hub)));
    }

    private static Ok<HubDto> Config(HubStore hubs) => TypedResults.Ok(HubDto.From(hubs.Required()));

    private static async Task<Ok<HubDto>> ChangeAsync(HubForm request, HubService service, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(HubDto.From(await service.ChangeAsync(request, context.ToActor(), cancellationToken)));

    private static async Task<Ok<HubStatusDto>> StatusAsync(HubStore hubs, HubState state, WgTool wg, DriftCheck drift, CancellationToken cancellationToken)
    {
        var hub = hubs.Required();
        var dump = new ArrayBufferWriter<byte>();
        try
        {
            await wg.DumpAsync(hub.InterfaceName, dump, cancellationToken);
        }
        catch (WgException)
        {
            // No interface, no wg: the answer says that it is down, and every peer is missing.
            return TypedResults.Ok(HubStatusDto.From(hub, false, [], drift.Compare(hub, []).Plan, state));
        }

        return TypedResults.Ok(HubStatusDto.From(hub, true, HubPeerDto.From(dump.WrittenSpan), drift.Compare(hub, dump.WrittenSpan).Plan, state));
    }
}

internal sealed record HubInitializedDto(string Message, HubDto Config);

/// <param name="InterfaceAddress">With the network's prefix.</param>
internal sealed record HubDto(
    string Id,
    string InterfaceName,
    string InterfaceAddress,
    int ListenPort,
    string PublicKey,
    string NetworkCIDR,
    string? InterfaceAddressV6,
    string? NetworkCIDRv6,
    string PublicEndpoint,
    string? PrivateEndpoint,
    IReadOnlyList<string> Dns,
    int Mtu,
    bool SpokeToSpoke,
    bool PresharedKeys,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static HubDto From(HubConfig hub) => new(
        hub.Id,
        hub.InterfaceName,
        hub.InterfaceAddress,
        hub.ListenPort,
        hub.Key.ToString(),
        hub.Network.ToString(),
        hub.InterfaceAddress6,
        hub.Network6?.ToString(),
        hub.PublicEndpoint.ToString(),
        hub.PrivateEndpoint?.ToString(),
        hub.Dns,
        hub.Mtu,
        hub.SpokeToSpoke,
        hub.PresharedKeys,
        hub.CreatedAt,
        hub.UpdatedAt);
}

/// <summary>One peer of the interface. Bytes are counted since the peer was put there.</summary>
internal sealed record HubPeerDto(string PublicKey, string? Endpoint, IReadOnlyList<string> AllowedIPs, DateTimeOffset? LastHandshake, long TransferRx, long TransferTx)
{
    public static IReadOnlyList<HubPeerDto> From(ReadOnlySpan<byte> dump)
    {
        List<HubPeerDto> peers = [];
        var device = new WgDump(dump);
        while (device.MoveNext())
        {
            var peer = device.Current;
            peers.Add(new(
                peer.Key.ToString(),
                peer.Endpoint.IsEmpty ? null : peer.Endpoint.ToText(),
                peer.AllowedIPs.IsEmpty ? [] : peer.AllowedIPs.ToText().Split(','),
                peer.LatestHandshakeSeconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(peer.LatestHandshakeSeconds),
                peer.ReceivedBytes,
                peer.SentBytes));
        }

        return peers;
    }
}

/// <summary>Numbers of peers that differ from what the database wants.</summary>
internal sealed record DriftDto(int Missing, int Unknown, int Changed);

/// <param name="Failure">What wg or ip said at the last pass; null when all is well.</param>
internal sealed record HubStatusDto(
    string InterfaceName, string PublicKey, int ListenPort, bool Up, IReadOnlyList<HubPeerDto> Peers, DriftDto Drift, DateTimeOffset? LastPass, string? Failure)
{
    public static HubStatusDto From(HubConfig hub, bool isUp, IReadOnlyList<HubPeerDto> peers, PeerPlan plan, HubState state) => new(
        hub.InterfaceName,
        hub.Key.ToString(),
        hub.ListenPort,
        isUp,
        peers,
        new(plan.Missing.Count, plan.Unknown.Count, plan.Changed.Count),
        state.LastPass,
        state.Failure);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(HubForm))]
[JsonSerializable(typeof(HubInitializedDto))]
[JsonSerializable(typeof(HubDto))]
[JsonSerializable(typeof(HubStatusDto))]
internal sealed partial class HubJson : JsonSerializerContext;
