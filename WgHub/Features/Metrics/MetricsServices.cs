using WgHub.Hosting;

namespace WgHub.Features.Metrics;

internal static class MetricsServices
{
    public static void AddNotices(this IServiceCollection services) => services.AddLoop<Notices>();
}
