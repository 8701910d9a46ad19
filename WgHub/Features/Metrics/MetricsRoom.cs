using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Metrics;

/// <summary>What happens by nothing happening.</summary>
internal static class MetricsRoom
{
    public static Room Room => new()
    {
        Add = services => services.AddLoop<Notices>(),
        ProgramPaths = ["/metrics"],
    };
}
