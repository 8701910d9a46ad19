using System.CommandLine;
using WgHub.Features.Auth;
using WgHub.Features.Backup;
using WgHub.Features.Leases;
using WgHub.Features.Tls;
using WgHub.Features.Tls.Acme;
using WgHub.Features.Tokens;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Cli;

/// <summary>The rooms that a command needs, on the database of the data directory; <c>serve</c> may run beside it.</summary>
internal static class OfflineServer
{
    private static readonly Room[] Rooms = [LeasesRoom.Room, AuthRoom.Room, TokensRoom.Room, TlsRoom.Room, AcmeRoom.Room, BackupRoom.Room];

    /// <summary>On the data of a hub that is there.</summary>
    public static ServiceProvider Open(ParseResult parsed) => Open(parsed, CommonOptions.ExistingDataDirectoryOf(parsed));

    /// <summary>The same as whoever runs the command: what SQLite makes beside the database, it makes its owner's.</summary>
    public static ServiceProvider OpenAsSelf(ParseResult parsed) => On(parsed, CommonOptions.ExistingDataDirectoryOf(parsed));

    /// <summary>Also before the first start: what is needed is made.</summary>
    public static ServiceProvider OpenOrMake(ParseResult parsed) => Open(parsed, CommonOptions.DataDirectoryOf(parsed));

    private static ServiceProvider Open(ParseResult parsed, DataDirectory data)
    {
        Privileges.BecomeOwnerOf(data.Directory);
        return On(parsed, data);
    }

    private static ServiceProvider On(ParseResult parsed, DataDirectory data)
    {
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System);
        services.AddSettings(CommonOptions.SettingsFileOf(parsed, data));
        services.AddStorage(data);
        services.AddWebSettings();
        services.AddSingleton<KeyRotation>();
        Array.ForEach(Rooms, room => room.AddForCommands?.Invoke(services));
        return services.BuildServiceProvider();
    }

    private static void AddSettings(this IServiceCollection services, string file)
    {
        var settings = new ConfigurationBuilder();
        Settings.AddTo(settings, file);
        services.AddSingleton<IConfiguration>(settings.Build());
    }
}
