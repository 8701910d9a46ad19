using WgHub.Features.Spokes;
using WgHub.Hosting;

namespace WgHub.Features.Reports;

internal static class ReportsServices
{
    public static void AddReports(this IServiceCollection services)
    {
        services.AddSingleton<HubReports>();
        services.AddSingleton<Onlookers>();
        services.AddLoop<Sampler>();
    }

    /// <summary>Whoever asks for something with <see cref="ShowsPeersAttribute"/> sees it as it is, and has it read often from then on. Behind authorization: who is refused causes no work.</summary>
    public static void UseReports(this WebApplication app)
    {
        var sampler = app.Services.GetRequiredService<Sampler>();
        app.Use(async (context, next) =>
        {
            if (HttpMethods.IsGet(context.Request.Method) && context.GetEndpoint()?.Metadata.GetMetadata<ShowsPeersAttribute>() is not null)
            {
                await sampler.ShowAsync(context.RequestAborted);
            }

            await next(context);
        });
    }
}
