using Microsoft.AspNetCore.Antiforgery;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Auth.Oidc;

/// <summary>The addresses that a provider knows, and the one that leads to it.</summary>
internal static partial class OidcEndpoints
{
    public const string StartPath = "/signin/oidc";
    public const string CallbackPath = "/signin-oidc";
    public const string SignedOutPath = "/signout-callback-oidc";
    public const string BackchannelLogoutPath = "/backchannel-logout";

    public static Uri CallbackFor(PublicUrl publicUrl, HttpRequest request) => publicUrl.For(request).Below(CallbackPath);

    public static Uri SignedOutFor(PublicUrl publicUrl, HttpRequest request) => publicUrl.For(request).Below(SignedOutPath);

    public static void AddOidc(this IServiceCollection services)
    {
        services.AddSingleton<OidcBackchannel>();
        services.AddSingleton<OidcProviderCache>();
        services.AddSingleton<OidcAttempts>();
        services.AddSingleton<OidcTestOutcomes>();
        services.AddSingleton<OidcRefusals>();
        services.AddSingleton<OidcChallenge>();
        services.AddSingleton<OidcCodeExchange>();
        services.AddSingleton<OidcAccounts>();
        services.AddSingleton<OidcArrivals>();
        services.AddSingleton<OidcCallback>();
        services.AddSingleton<OidcSignOut>();
        services.AddSingleton<BackchannelLogout>();
    }

    /// <summary>Whoever calls has no session yet, or is the provider itself: the rules are in the handlers.</summary>
    public static void MapOidc(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(StartPath, StartAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet(CallbackPath, CallBackAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet(SignedOutPath, (HttpContext context) => context.GoTo("/signin")).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost(BackchannelLogoutPath, EndAsync).AllowAnonymous().WithMetadata(new ProvesItselfAttribute()).ExcludeFromDescription();
    }

    private static async Task StartAsync(HttpContext context, IAntiforgery antiforgery, Limits limits, OidcChallenge challenge)
    {
        limits.Take(SignInLimits.ProviderStarts, context);
        if (!context.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        await challenge.StartAsync(context, OidcPurpose.SignIn, form["returnUrl"]);
    }

    private static async Task CallBackAsync(HttpContext context, OidcAttempts attempts, OidcCallback callback, OidcRefusals refusals)
    {
        // A test and a confirmation belong to a session: it must still be there, and be this browser's.
        if (attempts.Take(context) is not { } attempt || (attempt.Purpose != OidcPurpose.SignIn && attempt.SessionId != context.User.SessionId()))
        {
            refusals.AnswerStranger(context);
            return;
        }

        try
        {
            await callback.AnswerAsync(context, attempt);
        }
        catch (OidcException exception)
        {
            await refusals.AnswerAsync(context, attempt.Purpose, attempt.ReturnUrl, attempt.Fingerprint, exception);
        }
    }

    private static async Task EndAsync(HttpContext context, BackchannelLogout logout, ILogger<BackchannelLogout> logger)
    {
        logout.TakeCall();
        try
        {
            var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
            await logout.EndAsync(form["logout_token"].ToString(), Visitor.Of(context).Address, context.RequestAborted);
        }
        catch (OidcException exception)
        {
            LogRefused(logger, exception.Reason, exception.Message);
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"error":"invalid_request"}""", context.RequestAborted);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A call to end sessions was refused ({Reason}): {Why}")]
    private static partial void LogRefused(ILogger logger, string reason, string why);
}
