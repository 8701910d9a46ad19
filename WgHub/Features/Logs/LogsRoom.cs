using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Logs;

/// <summary>What the log tells, changed while the hub runs.</summary>
internal static class LogsRoom
{
    public static Room Room => new()
    {
        Add = services =>
        {
            services.AddSingleton<LogLevelService>();
            services.AddLoop<LogLevelLoop>();
            services.AddApiJson(LogsJson.Default);
        },
        Map = routes => routes.MapLogs(),
    };
}
