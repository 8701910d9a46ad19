using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Scripts;

/// <summary>What a machine is given to run, and the lines that fetch it.</summary>
internal static class ScriptsRoom
{
    public static Room Room => new()
    {
        Add = Add,
    };

    private static void Add(IServiceCollection services)
    {
        services.AddRoomOptions<WindowsOptions, WindowsOptionsValidator>(WindowsOptions.Section, static (section, options) => section.Bind(options));
        services.AddSingleton<WindowsScript>();
        services.AddSingleton<InstallScript>();
        services.AddSingleton<RouterSnippet>();
        services.AddSingleton<InstallLines>();
    }
}
