using WgHub.Features.Audit;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Networks;

/// <summary>What is reached through the hub besides spokes: networks behind it and behind spokes, and those that never are.</summary>
internal static class NetworksRoom
{
    public static Room Room => new()
    {
        Add = Add,
        Map = routes => routes.MapNetworks(),
        Navigation = [new("Networks", "/networks", Roles.Viewer, 25) { Chapter = "networks" }],
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton(new SubjectSource(SubjectKind.Network, Roles.Viewer, NetworkStore.NameOf, id => $"/networks/{id}"));
        services.AddSingleton<NetworkStore>();
        services.AddSingleton<NetworkService>();
        services.AddSingleton<BarredService>();
        services.AddSingleton<NetworkView>();
        services.AddLoop<StandbyLoop>();
        services.AddRoomOptions<NetworksOptions, NetworksOptionsValidator>(NetworksOptions.Section, static (section, options) => section.Bind(options));
        services.AddApiJson(NetworkJson.Default);
    }
}
