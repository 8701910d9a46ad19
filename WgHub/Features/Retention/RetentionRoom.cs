using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Retention;

/// <summary>How long what is kept.</summary>
internal static class RetentionRoom
{
    public static Room Room => new()
    {
        Add = Add,
        Map = routes => routes.MapRetention(),
        SettingsPages = [new("Retention", "/retention", Roles.Admin, 60) { Chapter = "retention" }],
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton<RetentionService>();
        services.AddLoop<RetentionLoop>();
        services.AddApiJson(RetentionJson.Default);
        services.AddRoomOptions<RetentionOptions, RetentionOptionsValidator>(
            RetentionOptions.Section, static (section, options) => section.Bind(options));
    }
}
