using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Hub;

/// <summary>Two addresses without sign-in, which tell nothing else.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("").AllowAnonymous().ExcludeFromDescription().WithMetadata(new HoldsNoPlace());
        health.MapGet("/healthz", () => Results.Text("ok"));
        health.MapGet("/readyz", IsReady);
    }

    /// <summary>
    /// Ready when the database answers and the interface was looked at once, whatever came of it: a hub whose wg fails must be reachable to be
    /// mended.
    /// </summary>
    private static IResult IsReady(Database database, HubState state)
    {
        try
        {
            database.Read(tx => tx.Count($"select count(*) from meta"));
            if (database.Lost is not null)
            {
                return Results.Text("database moved", statusCode: StatusCodes.Status503ServiceUnavailable);
            }

            return state.LastPass is null ? Results.Text("starting", statusCode: StatusCodes.Status503ServiceUnavailable) : Results.Text("ok");
        }
        catch (StorageException)
        {
            return Results.Text("no database", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
