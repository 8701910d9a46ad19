using WgHub.Web;

namespace WgHub.Features.Import;

/// <summary>Takes over what runs already, or the export of another tool.</summary>
internal static class ImportRoom
{
    public static Room Room => new()
    {
        Add = Add,
        Map = routes => routes.MapImport(),
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton<ImportService>();
        services.AddSingleton<ImportPlanner>();
        services.AddSingleton<SpokeImport>();
        services.AddSingleton<RunningInterface>();
        services.AddSingleton<ImportDrafts>();
        services.AddApiJson(ImportJson.Default);
    }
}
