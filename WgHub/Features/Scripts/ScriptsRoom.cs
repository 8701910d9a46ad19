using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Scripts;

/// <summary>What a machine is given to run, and the lines that fetch it.</summary>
internal static class ScriptsRoom
{
    /// <summary>What the addresses that lines fetch from begin with.</summary>
    public const string Downloads = "/i";

    public static Room Room => new()
    {
        Add = Add,
        ProgramPaths = [Downloads],
    };

    private static void Add(IServiceCollection services)
    {
        services.AddRoomOptions<WindowsOptions, WindowsOptionsValidator>(WindowsOptions.Section, static (section, options) => section.Bind(options));
        services.AddSingleton<WindowsScript>();
        services.AddSingleton<InstallScript>();
        services.AddSingleton<RouterSnippet>();
        services.AddSingleton<InstallLines>();
        services.AddSingleton<RefusalScript>();
        services.AddSingleton(
            provider => new RefusalForm(RefusalScript.Fits, (context, refusal) => provider.GetRequiredService<RefusalScript>().WriteAsync(context, refusal)));
    }
}
