using WgHub.Features.Spokes;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Reports;

/// <summary>The last report of the interface: handshakes, traffic. Everybody's eyes.</summary>
internal static class ReportsRoom
{
    public static Room Room => new()
    {
        Add = Add,
        Use = Use,
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton(provider => new HubReports(provider.GetRequiredService<Database>().OwnHub));
        services.AddSingleton<Onlookers>();
        services.AddLoop<Sampler>();
    }

    /// <summary>
    /// Whoever asks for something with <see cref="ShowsPeersAttribute"/> sees it as it is, and has it read often from then on. Behind
    /// authorization: who is refused causes no work.
    /// </summary>
    private static void Use(WebApplication app)
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
