using System.Threading.RateLimiting;

namespace WgHub.Web;

/// <summary>On an endpoint that holds none of the <see cref="ConcurrencyLimit"/>'s places: it is cheap, or long, or must answer when all are taken.</summary>
internal sealed class HoldsNoPlace;

/// <summary>
/// How many requests are worked on at once: past that, a caller is told to come again instead of making all others wait.
/// A request gets its place when its body is here, so that slow senders hold none. Behind routing, which sets how large the body may be.
/// </summary>
internal static class ConcurrencyLimit
{
    private const int Places = 512;

    public static void AddConcurrencyLimit(this IServiceCollection services) =>
        services.AddSingleton(_ => new ConcurrencyLimiter(new() { PermitLimit = Places, QueueLimit = 0 }));

    public static void UseConcurrencyLimit(this WebApplication app)
    {
        var limiter = app.Services.GetRequiredService<ConcurrencyLimiter>();
        app.Use(async (context, next) =>
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<HoldsNoPlace>() is not null)
            {
                await next(context);
                return;
            }

            if (!await HasArrivedAsync(context))
            {
                return;
            }

            using var place = limiter.AttemptAcquire();
            await (place.IsAcquired ? next(context) : context.RefuseAsync(WebErrors.Overloaded()));
        });
    }

    /// <summary>
    /// Reads ahead without consuming: whoever reads the body later finds all of it. What is larger than a small one is worth a place while the
    /// rest is on its way.
    /// </summary>
    /// <returns>False when it does not come: malformed, too large, too slow, or broken off. That is answered then.</returns>
    private static async ValueTask<bool> HasArrivedAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        try
        {
            while (true)
            {
                var read = await body.ReadAsync(CancellationToken.None);
                var isEnough = read.IsCompleted || read.Buffer.Length >= SmallBodyAttribute.Bytes;
                body.AdvanceTo(read.Buffer.Start, isEnough ? read.Buffer.Start : read.Buffer.End);
                if (isEnough)
                {
                    return true;
                }
            }
        }
        catch (BadHttpRequestException exception)
        {
            context.Response.Headers.Connection = "close"; // what comes on it next would be the rest of this body
            await context.RefuseAsync(AppProblems.Translate(exception));
            return false;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            context.Abort(); // the caller has hung up
            return false;
        }
    }
}
