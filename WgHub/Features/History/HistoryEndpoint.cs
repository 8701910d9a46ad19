using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Spokes;
using WgHub.Web;

namespace WgHub.Features.History;

internal static class HistoryEndpoint
{
    public static void MapHistory(this IEndpointRouteBuilder routes) => routes.MapGet("/api/spoke/{id}/history", ReadAsync)
        .WithMetadata(new ShowsPeersAttribute())
        .RequireAuthorization(Access.Viewer)
        .WithTags("spokes")
        .WithSummary("What went through a spoke's tunnel, in steps. A step in which nobody looked is not there.");

    private static async Task<Ok<HistoryDto>> ReadAsync(
        string id, SpokeHistory history, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken) =>
        TypedResults.Ok(await history.ReadAsync(id, from, to, cancellationToken));
}

/// <param name="Step">Seconds of each point.</param>
internal sealed record HistoryDto(int Step, IReadOnlyList<HistoryPointDto> Points);

/// <param name="At">When the step begins.</param>
/// <param name="Rx">Bytes from the spoke in it.</param>
/// <param name="Tx">Bytes to the spoke in it.</param>
/// <param name="Connected">At one look of the step at least.</param>
internal sealed record HistoryPointDto(DateTimeOffset At, long Rx, long Tx, bool Connected)
{
    /// <summary>What went through while nobody looked, at any time since the point before; missing when nothing did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LateBytesDto? Late { get; init; }

    public static HistoryPointDto From(long at, HistoryPoint point) =>
        new(DateTimeOffset.FromUnixTimeSeconds(at), point.ReceivedBytes, point.SentBytes, point.IsConnected)
        {
            Late = point.LateReceivedBytes + point.LateSentBytes > 0 ? new(point.LateReceivedBytes, point.LateSentBytes) : null,
        };
}

internal sealed record LateBytesDto(long Rx, long Tx);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(HistoryDto))]
internal sealed partial class HistoryJson : JsonSerializerContext;
