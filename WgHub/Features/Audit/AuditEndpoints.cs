using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Audit;

internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/audit", List).RequireAuthorization(Access.Viewer).WithSummary("Changes, newest first.").WithTags("audit");
        routes.MapGet("/api/audit/export", ExportAsync)
            .RequireAuthorization(Access.Viewer)
            .WithSummary("All of them as CSV or as one JSON object a line.")
            .Produces(StatusCodes.Status200OK, null, "text/csv", "application/jsonl")
            .WithTags("audit");
    }

    /// <summary>The caller, as the audit log names it.</summary>
    public static Actor ToActor(this HttpContext context) =>
        new(context.User.ActorName() ?? "anonymous", context.Connection.RemoteIpAddress?.ToString()) { UserId = context.User.RightsOf() };

    private static Ok<AuditListDto> List(
        AuditLog log, DateTimeOffset? since, DateTimeOffset? until, string? actor, string? @event, string? q, string? subject, int page = 1, int pageSize = 50)
    {
        var part = log.List(new(since, until, actor, @event, q) { Subject = subject }, Paging.From(page, pageSize));
        return TypedResults.Ok(AuditListDto.From(part.Select(ToDto)));
    }

    /// <exception cref="AppException">VALIDATION_FAILED for another format.</exception>
    private static Task ExportAsync(
        AuditLog log, HttpContext context, DateTimeOffset? since, DateTimeOffset? until, string? actor, string? @event, string? q, string? subject,
        string format = AuditExport.Csv) =>
        AuditExport.IsFormat(format)
            ? AuditExport.WriteAsync(context, log.All(new(since, until, actor, @event, q) { Subject = subject }), format)
            : throw WebErrors.Invalid("format", $"{AuditExport.Csv} or {AuditExport.JsonLines}.");

    private static AuditDto ToDto(AuditEntry entry) =>
        new(entry.Id, entry.At, entry.Actor, entry.Address, entry.Event, entry.Subject, JsonDocument.Parse(entry.Detail).RootElement);
}

internal sealed record AuditDto(string Id, DateTimeOffset At, string Actor, string? Address, string Event, string? Subject, JsonElement Detail);

internal sealed record AuditListDto(IReadOnlyList<AuditDto> Entries, long Total, int Page, int PageSize)
{
    public static AuditListDto From(Part<AuditDto> part) => new(part.Rows, part.Total, part.Paging.Page, part.Paging.PageSize);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AuditListDto))]
[JsonSerializable(typeof(AuditLineDto))]
internal sealed partial class AuditJson : JsonSerializerContext
{
    /// <summary>For what is no answer of the API, written as the API writes it.</summary>
    public static readonly AuditJson Lines = new(ApiJson.OptionsFor(JsonSerializerDefaults.Web));
}
