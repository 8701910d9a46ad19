using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Web;

namespace WgHub.Features.Metrics;

/// <summary>How it stands, for programs: in a word to everybody, and in full to who is signed in.</summary>
internal static class HealthEndpoint
{
    public static void MapHealthReport(this IEndpointRouteBuilder routes) => routes.MapGet("/api/health", Read)
        .AllowAnonymous()
        .WithTags("hub")
        .WithSummary("ok or degraded; signed in, also why, and the state of each background job.");

    private static Ok<HealthDto> Read(HttpContext context, HealthReport report)
    {
        var why = report.Why;
        var isTold = context.User.May(Roles.Viewer);
        return TypedResults.Ok(new HealthDto(why.Count == 0 ? "ok" : "degraded", BuildInfo.Version, isTold ? why : null, isTold ? report.Loops : null));
    }
}

/// <param name="Status"><c>ok</c> or <c>degraded</c>.</param>
/// <param name="Why">What is wrong, in sentences; only to who is signed in.</param>
/// <param name="Loops">The background jobs; only to who is signed in.</param>
internal sealed record HealthDto(
    string Status, string Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Why,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<LoopDto>? Loops);

/// <param name="LastPass">Null before the first one ended.</param>
/// <param name="Failure">Why the last one failed; null when it did not.</param>
internal sealed record LoopDto(string Name, DateTimeOffset? LastPass, string? Failure);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(HealthDto))]
internal sealed partial class MetricsJson : JsonSerializerContext;
