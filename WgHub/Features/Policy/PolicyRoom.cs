using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Policy;

/// <summary>Who may reach whom: rules of people, which the hub's machine enforces.</summary>
internal static class PolicyRoom
{
    public static Room Room => new()
    {
        Add = Add,
        Map = routes => routes.MapPolicy(),
        Navigation = [new("Policy", "/policy", Roles.Viewer, 35) { Chapter = "policy" }],
    };

    private static void Add(IServiceCollection services)
    {
        services.AddRoomOptions<PolicyOptions, PolicyOptionsValidator>(PolicyOptions.Section, static (section, options) => section.Bind(options));
        services.AddSingleton<PolicyStore>();
        services.AddSingleton<PolicyBook>();
        services.AddSingleton<PolicyUses>();
        services.AddSingleton<PolicyService>();
        services.AddLoop<PolicyRollBackLoop>();
        services.AddApiJson(PolicyJson.Default);
    }
}
