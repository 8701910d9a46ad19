using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Web;

/// <summary>Turns what went wrong into <c>application/problem+json</c> for programs, or a page for people. The one place that does.</summary>
internal static partial class AppProblems
{
    public static void AddAppProblems(this IServiceCollection services)
    {
        services.AddExceptionHandler<AppExceptionHandler>();
        services.AddSingleton<SecretPaths>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    /// <summary>What an exception means to the caller. Anything unexpected is a 500 that tells nothing.</summary>
    public static AppException Translate(Exception exception) => exception switch
    {
        AppException known => known,
        WgException wg => WebErrors.WireGuardFailed(wg.Message),
        StorageException storage => WebErrors.StorageFailed(storage.Message),
        BadHttpRequestException { InnerException: JsonException json } => FromJson(json),
        BadHttpRequestException => WebErrors.Malformed("The request could not be read."),
        _ => new(StatusCodes.Status500InternalServerError, "INTERNAL", "Something went wrong in the hub. Its log says what."),
    };

    /// <summary>Answers with the refusal: a problem for programs, a page for people, and where a room says so what fits its address.</summary>
    public static Task RefuseAsync(this HttpContext context, AppException refusal) =>
        context.RequestServices.GetServices<RefusalForm>().FirstOrDefault(form => form.Fits(context.Request)) is { } own ? own.WriteAsync(context, refusal)
        : context.Request.IsApi() ? context.WriteProblemAsync(refusal)
        : ErrorPage.WriteAsync(context, refusal);

    /// <summary>Writes the problem; members as in RFC 9457, and our own <c>code</c> and <c>error</c>.</summary>
    public static async Task WriteProblemAsync(this HttpContext context, AppException problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        response.Headers.CacheControl = "no-store";
        if (problem.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        await using var json = new Utf8JsonWriter(response.BodyWriter, new() { Encoder = ApiJson.Encoder });
        json.WriteStartObject();
        json.WriteString("title", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(problem.Status));
        json.WriteNumber("status", problem.Status);
        json.WriteString("detail", problem.Message);
        json.WriteString("instance", InstanceOf(context.Request));
        json.WriteString("code", problem.Code);
        json.WriteString("error", problem.Message);
        json.WriteString("requestId", context.TraceIdentifier);
        foreach (var (name, value) in problem.Facts)
        {
            json.WriteString(name, value);
        }

        if (problem.Errors.Count > 0)
        {
            json.WriteStartObject("errors");
            foreach (var (field, sentences) in problem.Errors)
            {
                json.WriteStartArray(field);
                foreach (var sentence in sentences)
                {
                    json.WriteStringValue(sentence);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    private static string InstanceOf(HttpRequest request) =>
        $"{request.PathBase}{request.HttpContext.RequestServices.GetRequiredService<SecretPaths>().Without(request.Path)}";

    private static AppException FromJson(JsonException json)
    {
        var field = json.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : null;
        return field is null || field.Length > 64
            ? WebErrors.Malformed("The body is not the JSON that this call takes.")
            : WebErrors.Invalid(field, "This has the wrong type.");
    }

    private sealed partial class AppExceptionHandler(ILogger<AppExceptionHandler> logger) : IExceptionHandler
    {
        [SuppressMessage("Performance", "CA1873", Justification = "Failures are rare.")]
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
            {
                return true; // nobody is there any more
            }

            var problem = Translate(exception);
            if (problem.Status >= StatusCodes.Status500InternalServerError)
            {
                LogFailed(
                    httpContext.Request.Method, InstanceOf(httpContext.Request), problem.Code,
                    problem.Status == StatusCodes.Status500InternalServerError ? exception : exception.InnerException);
            }

            await httpContext.RefuseAsync(problem);
            return true;
        }

        [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed with {Code}.")]
        private partial void LogFailed(string method, string path, string code, Exception? exception);
    }
}
