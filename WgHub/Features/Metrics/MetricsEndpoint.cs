namespace WgHub.Features.Metrics;

internal static class MetricsEndpoint
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", WriteAsync).RequireAuthorization(MetricsAccess.Policy).ExcludeFromDescription();

    private static async Task WriteAsync(HttpContext context, MetricsReport report)
    {
        context.Response.ContentType = ContentType;
        report.WriteTo(new(context.Response.BodyWriter));
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
