using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Backup;

/// <summary>What a bare machine needs to become this hub: made, kept, opened on trial, put in place.</summary>
internal static class BackupRoom
{
    public static Room Room => new()
    {
        AddForCommands = AddForCommands,
        Add = Add,
        Map = routes => routes.MapBackups(),
        SettingsPages = [new("Backups", "/backups", Roles.Admin, 50) { Chapter = "backup" }],
    };

    private static void AddForCommands(IServiceCollection services)
    {
        services.AddSingleton<BackupMaker>();
        services.AddRoomOptions<BackupOptions, BackupOptionsValidator>(BackupOptions.Section, static (section, options) => section.Bind(options));
    }

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton<BackupFolder>();
        services.AddSingleton<BackupState>();
        services.AddSingleton<BackupSchedule>();
        services.AddSingleton<BackupService>();
        services.AddLoop<BackupLoop>();
        services.AddApiJson(BackupJson.Default);
    }
}
