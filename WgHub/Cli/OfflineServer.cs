using System.CommandLine;
using WgHub.Features.Auth;
using WgHub.Features.Backup;
using WgHub.Features.Diagnosis;
using WgHub.Features.Doctor;
using WgHub.Features.Hub;
using WgHub.Features.Leases;
using WgHub.Features.Networks;
using WgHub.Features.Policy;
using WgHub.Features.Spokes;
using WgHub.Features.Tls;
using WgHub.Features.Tls.Acme;
using WgHub.Features.Tokens;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Cli;

/// <summary>The rooms that a command needs, on the database of the data directory; <c>serve</c> may run beside it.</summary>
internal static class OfflineServer
{
    private static readonly Room[] Rooms = [LeasesRoom.Room, AuthRoom.Room, TokensRoom.Room, TlsRoom.Room, AcmeRoom.Room, BackupRoom.Room];

    /// <summary>Rooms that a look takes more of. Nothing of their work in the background begins: no server starts it.</summary>
    private static readonly Room[] LookedInto =
        [LeasesRoom.Room, SpokesRoom.Room, NetworksRoom.Room, PolicyRoom.Room, HubRoom.Room, BackupRoom.Room, DiagnosisRoom.Room];

    /// <summary>On the data of a hub that is there.</summary>
    public static ServiceProvider Open(ParseResult parsed) => Open(parsed, CommonOptions.ExistingDataDirectoryOf(parsed));

    /// <summary>The same as whoever runs the command: what SQLite makes beside the database, it makes its owner's.</summary>
    public static ServiceProvider OpenAsSelf(ParseResult parsed) => On(parsed, CommonOptions.ExistingDataDirectoryOf(parsed));

    /// <summary>All that can be looked at: on the data of a hub, which may run, or where there is none yet. Nothing is made or changed.</summary>
    public static ServiceProvider OpenToLook(ParseResult parsed, CancellationToken cancellationToken)
    {
        var data = CommonOptions.DataDirectoryToLook(parsed);
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System);
        services.AddSettings(CommonOptions.SettingsFileOf(parsed, data));
        services.AddSingleton(data);
        services.AddLogging();
        services.AddWebSettings();
        services.AddWireGuard();
        services.AddSingleton<Check, ServedCheck>();
        services.AddMachineChecks();
        if (CanBeRead(data, cancellationToken))
        {
            services.AddHubToLook(data);
        }
        else
        {
            services.AddNoHub();
        }

        return services.BuildServiceProvider();
    }

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

    /// <summary>False where the database is not there, not of this wghub or not whole, or where its disk does not answer: a look tells which.</summary>
    private static bool CanBeRead(DataDirectory data, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Doctor.Patience);
        try
        {
            return File.Exists(data.DatabaseFile) && DatabaseLook.Examine(data, patience.Token).Standing == DatabaseStanding.Fine;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static void AddHubToLook(this IServiceCollection services, DataDirectory data)
    {
        services.AddSingleton(provider => Database.ToLook(data, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => KeyToLook(data, provider.GetRequiredService<Database>()));
        Array.ForEach(Rooms, room => room.AddForCommands?.Invoke(services));
        Array.ForEach(LookedInto, room => room.Add?.Invoke(services));
        services.AddHubChecks();
        services.AddSingleton<Func<ServedCertificate>>(provider =>
        {
            var kept = provider.GetRequiredService<KeptCertificate>();
            return () =>
            {
                var (pair, source) = kept.Find();
                return new(source == CertificateSource.SelfSigned ? null : pair, source, null);
            };
        });
    }

    /// <summary>Whoever looks may not have the key: a systemd credential is the hub's alone. What takes it is told then as not known.</summary>
    private static MasterKey KeyToLook(DataDirectory data, Database database)
    {
        try
        {
            return DatabaseKey.OpenToLook(data, database);
        }
        catch (Exception exception) when (exception is StorageException or InvalidDataException or UnauthorizedAccessException)
        {
            return MasterKey.Unknown();
        }
    }

    private static void AddSettings(this IServiceCollection services, string file)
    {
        var settings = new ConfigurationBuilder();
        Settings.AddTo(settings, file);
        services.AddSingleton<IConfiguration>(settings.Build());
    }
}
