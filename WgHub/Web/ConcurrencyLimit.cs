using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.Features;

namespace WgHub.Web;

/// <summary>On an endpoint that holds none of the <see cref="ConcurrencyLimit"/>'s places: it is cheap, or long, or must answer when all are taken.</summary>
/// <param name="bytes">Of its answer; 0 for one that counts for nothing.</param>
internal sealed class HoldsNoPlace(int bytes = 0)
{
    public int Bytes { get; } = bytes;
}

/// <summary>
/// How many requests are worked on at once: past that, a caller is told to come again instead of making all others wait.
/// A request gets its place when its body is here, so that slow senders hold none. Behind routing, which sets how large the body may be.
/// </summary>
internal static class ConcurrencyLimit
{
    private const int Places = 512;

    /// <summary>For a body that is small, or the beginning of one that is not.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    public static void AddConcurrencyLimit(this IServiceCollection services)
    {
        services.AddSingleton<RequestBudget>();
        services.AddSingleton(_ => new ConcurrencyLimiter(new() { PermitLimit = Places, QueueLimit = 0 }));
    }

    public static void UseConcurrencyLimit(this WebApplication app)
    {
        var limiter = app.Services.GetRequiredService<ConcurrencyLimiter>();
        var budget = app.Services.GetRequiredService<RequestBudget>();
        app.Use(async (context, next) =>
        {
            var unplaced = context.GetEndpoint()?.Metadata.GetMetadata<HoldsNoPlace>();
            if (unplaced is { Bytes: 0 })
            {
                await next(context);
                return;
            }

            using var share = budget.Begin(context.Connection.RemoteIpAddress);
            if (unplaced is not null)
            {
                await (share.TryHold(unplaced.Bytes) ? next(context) : RefuseRestAsync(context, WebErrors.Overloaded()));
                return;
            }

            if (!await HasArrivedAsync(context, share))
            {
                return;
            }

            using var place = limiter.AttemptAcquire();
            await (place.IsAcquired && share.TryHold(RequestBudget.OfAnswer) ? next(context) : context.RefuseAsync(WebErrors.Overloaded()));
        });
    }

    /// <summary>
    /// Reads ahead without consuming: whoever reads the body later finds all of it. What is larger than a small one is worth a place while the
    /// rest is on its way.
    /// </summary>
    /// <returns>False when it does not come: malformed, too large, too slow, broken off, or too many wait. That is answered then.</returns>
    private static async ValueTask<bool> HasArrivedAsync(HttpContext context, RequestBudget.Request share)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return true;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(LongestWait);
        var body = context.Request.BodyReader;
        try
        {
            long arrived = 0;
            while (share.TryHold(arrived))
            {
                var read = await body.ReadAsync(patience.Token);
                arrived = read.Buffer.Length;
                var isEnough = read.IsCompleted || arrived >= SmallBodyAttribute.Bytes;
                body.AdvanceTo(read.Buffer.Start, isEnough ? read.Buffer.Start : read.Buffer.End);
                if (isEnough)
                {
                    return true;
                }
            }

            await RefuseRestAsync(context, WebErrors.Overloaded());
            return false;
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await RefuseRestAsync(context, WebErrors.TooSlow());
            return false;
        }
        catch (BadHttpRequestException exception)
        {
            await RefuseRestAsync(context, AppProblems.Translate(exception));
            return false;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            context.Abort(); // the caller has hung up
            return false;
        }
    }

    /// <summary>What comes on the connection next would be the rest of this body.</summary>
    private static Task RefuseRestAsync(HttpContext context, AppException refusal)
    {
        context.Response.Headers.Connection = "close";
        return context.RefuseAsync(refusal);
    }
}
