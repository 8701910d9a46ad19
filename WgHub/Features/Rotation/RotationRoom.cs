using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Rotation;

/// <summary>New keys, of a spoke and of the hub.</summary>
internal static class RotationRoom
{
    public static Room Room => new()
    {
        Add = Add,
        Map = Map,
        SettingsPages = [new("Hub key", "/settings/hub-key", Roles.Admin, 40) { Chapter = "keys" }],
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton<RotationService>();
        services.AddSingleton<OpenRotations>();
        services.AddSingleton<RotationSignal>();
        services.AddLoop<RotationLoop>();
        services.AddApiJson(RotationJson.Default);
        services.AddSingleton<HubKeyService>();
        services.AddApiJson(HubKeyJson.Default);
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapRotation();
        routes.MapHubKey();
    }
}
