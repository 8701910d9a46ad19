using System.CommandLine;
using WgHub.Features.Auth;
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
    private static readonly Room[] Rooms = [LeasesRoom.Room, AuthRoom.Room, TokensRoom.Room, TlsRoom.Room, AcmeRoom.Room];

    public static ServiceProvider Open(ParseResult parsed)
    {
        var data = CommonOptions.DataDirectoryOf(parsed);
        Privileges.BecomeOwnerOf(data.Directory);
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
