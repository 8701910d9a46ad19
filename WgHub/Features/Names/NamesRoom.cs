using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Names;

/// <summary>The names of spokes for a DNS server, and which addresses are kept for whom.</summary>
internal static class NamesRoom
{
    public static Room Room => new()
    {
        Add = Add,
        Map = routes => routes.MapRanges(),
        SettingsPages = [new("Addresses", "/settings/addresses", Roles.Viewer, 15) { Chapter = "names" }],
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton<HostsFile>();
        services.AddSingleton<NamesState>();
        services.AddLoop<HostsLoop>();
        services.AddSingleton<RangeService>();
        services.AddApiJson(RangeJson.Default);
    }
}
