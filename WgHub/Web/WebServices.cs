using Microsoft.Extensions.Options;

namespace WgHub.Web;

internal static class WebServices
{
    public static void AddWebSettings(this IServiceCollection services)
    {
        services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section);
        services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsValidator>();
        services.AddSingleton<Limits>();
        services.AddOptions<WebOptions>().BindConfiguration(WebOptions.Section);
        services.AddSingleton<IValidateOptions<WebOptions>, WebOptionsValidator>();
        services.AddSingleton<PublicUrl>();
        services.AddSingleton<TrustedProxies>();
        services.AddSingleton<AllowedHosts>();
        services.AddConcurrencyLimit();
        services.AddCors();
    }

    /// <summary>An address that is not there is a 404, for whoever asks; without this it would be refused like one without a policy.</summary>
    public static void MapNothingElse(this IEndpointRouteBuilder routes) =>
        routes.MapGet("{*path}", () => Results.NotFound()).AllowAnonymous().ExcludeFromDescription().WithOrder(int.MaxValue);

    /// <summary>Answers that the framework leaves without a body get one: 404 for an address that is not there, or not for this verb, 415.</summary>
    public static void UseProblemStatusPages(this IApplicationBuilder app) =>
        app.UseStatusCodePages(context =>
        {
            var http = context.HttpContext;
            var problem = http.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => WebErrors.NotFound("address"),
                StatusCodes.Status405MethodNotAllowed => WebErrors.NotFound($"call as {http.Request.Method} here"),
                StatusCodes.Status400BadRequest when !http.Request.IsApi() => new AppException(400, WebErrors.ValidationFailed, "This page is out of date. Load it again."),
                StatusCodes.Status400BadRequest or StatusCodes.Status415UnsupportedMediaType or StatusCodes.Status413PayloadTooLarge => WebErrors.Malformed("The request could not be read."),
                var status => new AppException(status, WebErrors.NotFoundCode, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status) + "."),
            };
            return http.RefuseAsync(problem);
        });
}
