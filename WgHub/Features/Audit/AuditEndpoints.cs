using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Web;

namespace WgHub.Features.Audit;

internal static class AuditEndpoints
{
    public static void AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditLog>();
        services.AddApiJson(AuditJson.Default);
    }

    public static void MapAudit(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/audit", List).RequireAuthorization(Access.Viewer).WithSummary("Changes, newest first.").WithTags("audit");

    /// <summary>The caller, as the audit log names it.</summary>
    public static Actor ToActor(this HttpContext context) =>
        new(context.User.ActorName() ?? "anonymous", context.Connection.RemoteIpAddress?.ToString());

    private static Ok<AuditListDto> List(AuditLog log, DateTimeOffset? since, string? actor, string? @event, int page = 1, int pageSize = 50)
    {
        var paging = Paging.From(page, pageSize);
        var (entries, total) = log.List(new(since, actor, @event, paging));
        return TypedResults.Ok(new AuditListDto([.. entries.Select(ToDto)], total, paging.Page, paging.PageSize));
    }

    private static AuditDto ToDto(AuditEntry entry) =>
        new(entry.Id, entry.At, entry.Actor, entry.Address, entry.Event, entry.Subject, JsonDocument.Parse(entry.Detail).RootElement);
}

internal sealed record AuditDto(string Id, DateTimeOffset At, string Actor, string? Address, string Event, string? Subject, JsonElement Detail);

internal sealed record AuditListDto(IReadOnlyList<AuditDto> Entries, long Total, int Page, int PageSize);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AuditListDto))]
internal sealed partial class AuditJson : JsonSerializerContext;
