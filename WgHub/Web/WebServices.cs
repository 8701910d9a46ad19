using Microsoft.AspNetCore.Mvc;
using WgHub.Hosting;

namespace WgHub.Web;

internal static class WebServices
{
    public const string OpenApiPath = "/openapi";

    /// <summary>What every room's calls and pages stand on.</summary>
    public static void AddWeb(this IServiceCollection services)
    {
        services.AddWebSettings();
        services.AddRoutingCore();
        services.AddAppProblems();
        services.AddJsonRules();
        services.AddSingleton<ProgramPaths>();
        services.AddSingleton<Navigation>();
        services.AddSingleton<Limits>();
        services.AddSingleton<TrustedProxies>();
        services.AddSingleton<AllowedHosts>();
        services.AddSingleton(_ => new OpenConnections(OpenConnections.MostFor(OpenFiles.Most())));
        services.AddConcurrencyLimit();
        services.AddCors();
        services.AddAccess();
        services.AddOpenApi();
        services.AddSingleton<AsksFirstFilter>();
        LazyPages.AddTo(services);
#pragma warning disable IL2026 // kept whole by TrimMode partial, and walked by WgHub.Tests/Published
        LazyPages.LeaveOutControllers(services.AddRazorPages(options =>
        {
            options.RootDirectory = "/Features";
            options.Conventions.ConfigureFilter(new PageVerbFilter());
            options.Conventions.ConfigureFilter(new ServiceFilterAttribute(typeof(AsksFirstFilter)));
        }));
#pragma warning restore IL2026
        PublicPathPages.AddTo(services);
    }

    /// <summary>What the commands need too.</summary>
    public static void AddWebSettings(this IServiceCollection services)
    {
        services.AddRoomOptions<WebOptions, WebOptionsValidator>(WebOptions.Section, static (section, options) => section.Bind(options));
        services.AddSingleton<PublicUrl>();
    }

    public static void MapWeb(this IEndpointRouteBuilder routes)
    {
        routes.MapAssets();
        routes.MapOpenApi($"{OpenApiPath}/v1.json").RequireAuthorization(Access.Viewer);
        routes.MapRazorPages();

        // An address that is not there is a 404, for whoever asks; without this it would be refused like one without a policy.
        routes.MapGet("{*path}", () => Results.NotFound()).AllowAnonymous().ExcludeFromDescription().WithOrder(int.MaxValue);
    }

    /// <summary>Answers that the framework leaves without a body get one: 404 for an address that is not there, or not for this verb, 415.</summary>
    public static void UseProblemStatusPages(this IApplicationBuilder app) =>
        app.UseStatusCodePages(context =>
        {
            var http = context.HttpContext;
            var problem = http.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => WebErrors.NotFound("address"),
                StatusCodes.Status405MethodNotAllowed => WebErrors.NotFound($"call as {http.Request.Method} here"),
                StatusCodes.Status400BadRequest when !http.Request.IsApi() =>
                    new AppException(400, WebErrors.ValidationFailed, "This page is out of date. Load it again."),
                StatusCodes.Status400BadRequest or StatusCodes.Status415UnsupportedMediaType or StatusCodes.Status413PayloadTooLarge =>
                    WebErrors.Malformed("The request could not be read."),
                var status => new AppException(status, WebErrors.NotFoundCode, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status) + "."),
            };
            return http.RefuseAsync(problem);
        });
}
