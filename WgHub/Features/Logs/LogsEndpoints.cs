using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Web;

namespace WgHub.Features.Logs;

internal static class LogsEndpoints
{
    public static void MapLogs(this IEndpointRouteBuilder routes)
    {
        var logs = routes.MapGroup("/api/logs").WithTags("logs").RequireAuthorization(Access.Admin);
        logs.MapGet("/level", Look).WithSummary("What the log tells at least, and of what more or less.");
        logs.MapPut("/level", ChangeAsync).WithSummary("Has the log tell more or less of all or of a part, for a while.");
    }

    private static Ok<LogLevelsDto> Look(LogLevelService service) => TypedResults.Ok(service.Look());

    private static async Task<Ok<LogLevelsDto>> ChangeAsync(
        LogLevelWish request, LogLevelService service, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(await service.ChangeAsync(request, context.ToActor(), cancellationToken));
}

/// <summary>What is asked of <c>PUT /api/logs/level</c>.</summary>
internal sealed record LogLevelWish
{
    /// <summary><c>debug</c>, <c>information</c>, <c>warning</c> or <c>error</c>; null for what the settings say.</summary>
    public string? Level { get; init; }

    /// <summary>A namespace of the hub, such as <c>WgHub.Features.Spokes</c>; null for all of it.</summary>
    public string? Category { get; init; }

    /// <summary>For how long, at most a day; a quarter of an hour unless told.</summary>
    public int? Minutes { get; init; }
}

/// <param name="Configured">What the settings say.</param>
/// <param name="Levels">What holds in place of that now.</param>
internal sealed record LogLevelsDto(string Configured, IReadOnlyList<LogLevelDto> Levels);

internal sealed record LogLevelDto(string Category, string Level, DateTimeOffset Until);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LogLevelWish))]
[JsonSerializable(typeof(LogLevelsDto))]
internal sealed partial class LogsJson : JsonSerializerContext;
