using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Retention;

internal static class RetentionEndpoints
{
    public static void MapRetention(this IEndpointRouteBuilder routes)
    {
        var retention = routes.MapGroup("/api").WithTags("retention").RequireAuthorization(Access.Admin);
        retention.MapGet("/retention", Look).WithSummary("How long what is kept, and what would go now.");
        retention.MapPost("/retention/run", RunAsync)
            .RequireConfirmation()
            .WithSummary("Takes away what is too old by the rules, also so many spokes that the hub would not cut them off by itself.");
    }

    private static Ok<RetentionDto> Look(RetentionService service) => TypedResults.Ok(new RetentionDto(service.Look(), service.LastRun));

    private static async Task<Ok<RetentionRunDto>> RunAsync(
        RetentionService service, HttpContext context, CancellationToken cancellationToken, bool dryRun = false) =>
        TypedResults.Ok(new RetentionRunDto(
            dryRun, dryRun ? service.Look() : await service.RunAsync(isByItself: false, context.ToActor(), cancellationToken)));
}
