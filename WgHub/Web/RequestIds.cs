using System.Diagnostics.CodeAnalysis;
using WgHub.Hosting;

namespace WgHub.Web;

/// <summary>Gives each request an id: in the answer's header, in a refusal, in each line of the log that is written for it.</summary>
internal static partial class RequestIds
{
    public const string Header = "X-Request-Id";

    /// <summary>Before whatever may refuse or tell something; the path is the hub's own by then.</summary>
    public static void UseRequestIds(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RequestIds));
        var time = app.Services.GetRequiredService<TimeProvider>();
        app.Use(async (context, next) =>
        {
            context.TraceIdentifier = RequestId.From(context.Request.Headers[Header], context.Request.Headers.TraceParent);
            RequestId.Current = context.TraceIdentifier;
            context.Response.OnStarting(Add, context); // an error clears what was set before it
            var began = time.GetTimestamp();
            try
            {
                await next(context);
            }
            finally
            {
                if (logger.IsEnabled(LogLevel.Debug))
                {
                    Tell(logger, context, time.GetElapsedTime(began));
                }
            }
        });
    }

    private static Task Add(object state)
    {
        var context = (HttpContext)state;
        context.Response.Headers[Header] = context.TraceIdentifier;
        return Task.CompletedTask;
    }

    /// <summary>Without what comes behind a question mark, which may be a secret; control characters stay as they were sent, with their percent sign.</summary>
    [SuppressMessage("Performance", "CA1873", Justification = "Whoever calls has asked whether it is told.")]
    private static void Tell(ILogger logger, HttpContext context, TimeSpan took)
    {
        var path = context.RequestServices.GetRequiredService<SecretPaths>().Without(context.Request.Path);
        LogAnswered(
            logger, context.Request.Method, new PathString(path).ToUriComponent(), context.Response.StatusCode, (long)took.TotalMilliseconds,
            context.User.ActorName() ?? "anonymous");
    }

    [LoggerMessage(
        Level = LogLevel.Debug, EventName = "request_answered", Message = "{Method} {Path} was answered with {Status} after {Milliseconds} ms, to {Actor}.")]
    private static partial void LogAnswered(ILogger logger, string method, string path, int status, long milliseconds, string actor);
}
