using WgHub.Hosting;

namespace WgHub.Features.Metrics;

/// <summary>"Look at the interface now."</summary>
internal sealed class SampleSignal : Signal;

internal static class MetricsServices
{
    public static void AddSampling(this IServiceCollection services)
    {
        services.AddSingleton<SampleSignal>();
        services.AddLoop<Sampler>();
        services.AddLoop<Notices>();
    }
}
