using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.History;

/// <summary>What went through each tunnel, and when a spoke was connected.</summary>
internal static class HistoryRoom
{
    public static Room Room => new()
    {
        Add = Add,
        Map = routes => routes.MapHistory(),
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton<HistoryStore>();
        services.AddSingleton<HistoryBook>();
        services.AddSingleton<SpokeHistory>();
        services.AddLoop<HistoryLoop>();
        services.AddApiJson(HistoryJson.Default);
        services.AddRoomOptions<HistoryOptions, HistoryOptionsValidator>(HistoryOptions.Section, static (section, options) => section.Bind(options));
    }
}
