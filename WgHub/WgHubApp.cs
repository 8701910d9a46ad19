using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using WgHub.Cli;
using WgHub.Features.Audit;
using WgHub.Features.Auth;
using WgHub.Features.Backup;
using WgHub.Features.Clusters;
using WgHub.Features.Dashboard;
using WgHub.Features.Diagnosis;
using WgHub.Features.Docs;
using WgHub.Features.Doctor;
using WgHub.Features.Enrolment;
using WgHub.Features.Groups;
using WgHub.Features.History;
using WgHub.Features.Hub;
using WgHub.Features.Import;
using WgHub.Features.Leases;
using WgHub.Features.Logs;
using WgHub.Features.Metrics;
using WgHub.Features.Names;
using WgHub.Features.Networks;
using WgHub.Features.Notifications;
using WgHub.Features.Persons;
using WgHub.Features.Policy;
using WgHub.Features.Reports;
using WgHub.Features.Retention;
using WgHub.Features.Rotation;
using WgHub.Features.Scripts;
using WgHub.Features.Setup;
using WgHub.Features.Spokes;
using WgHub.Features.Tls;
using WgHub.Features.Tls.Acme;
using WgHub.Features.Tokens;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub;

/// <summary>The composition root: the list of the rooms, and the server that they are in. What a room is, it says itself.</summary>
internal static partial class WgHubApp
{
    /// <summary>From the ground up: what works in the background starts in this order, and stops in the other.</summary>
    private static readonly Room[] Rooms =
    [
        AuthRoom.Room,
        AuditRoom.Room,
        DocsRoom.Room,
        LeasesRoom.Room,
        LogsRoom.Room,
        TlsRoom.Room,
        AcmeRoom.Room,
        ScriptsRoom.Room,
        TokensRoom.Room,
        SpokesRoom.Room,
        GroupsRoom.Room,
        NetworksRoom.Room,
        ClustersRoom.Room,
        PolicyRoom.Room,
        ReportsRoom.Room,
        HistoryRoom.Room,
        HubRoom.Room,
        BackupRoom.Room,
        NotificationsRoom.Room,
        DashboardRoom.Room,
        MetricsRoom.Room,
        DiagnosisRoom.Room,
        DoctorRoom.Room,
        EnrolmentRoom.Room,
        NamesRoom.Room,
        RetentionRoom.Room,
        PersonsRoom.Room,
        RotationRoom.Room,
        ImportRoom.Room,
        SetupRoom.Room,
    ];

    /// <exception cref="UsageException">An unknown setting.</exception>
    /// <exception cref="OptionsValidationException">A setting out of range.</exception>
    /// <exception cref="InvalidDataException">The settings file is not JSON, or the log file cannot be written.</exception>
    /// <exception cref="StorageException">The database cannot be used.</exception>
    public static WebApplication Build(ServerStart start)
    {
        // The empty builder: the others watch every directory below the content root for settings files.
        var builder =
            WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory, ApplicationName = typeof(WgHubApp).Assembly.GetName().Name });
        AddServices(builder.Services, start);
        AddSettings(builder, start);
        var hasStarted = new StrongBox<bool>();
        AddServer(builder, start, hasStarted);
        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => hasStarted.Value = true);
        CheckStart(app.Services);
        Use(app, start);
        Map(app);
        return app;
    }

    private static void AddServices(IServiceCollection services, ServerStart start)
    {
        services.AddSingleton(start);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(8)); // what waits for nobody is done in milliseconds
        services.AddSingleton(start.Time);
        services.AddLogSettings();
        services.AddStorage(start.Data);
        services.AddWireGuard();
        services.AddWeb();
        Array.ForEach(Rooms, services.AddRoom);
    }

    private static void AddSettings(WebApplicationBuilder builder, ServerStart start)
    {
        var known = builder.Services.Select(service => service.ImplementationInstance).OfType<KnownSettings>()
            .SelectMany(settings => settings.Names).Order(StringComparer.Ordinal).ToList();
        if (Settings.FirstUnknown(start.SettingsFile, known) is { } unknown)
        {
            throw new UsageException($"Unknown setting {unknown}. {WrongWords.InsteadOfSetting(unknown, known)}");
        }

        Settings.AddTo(builder.Configuration, start.SettingsFile);
    }

    /// <param name="hasStarted">Becomes true when the server listens.</param>
    private static void AddServer(WebApplicationBuilder builder, ServerStart start, StrongBox<bool> hasStarted)
    {
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AddServerLimits();
            kestrel.ListenOn(start.Urls, start.IsInsecureHttpAllowed);
            kestrel.ListenOnControlSocket(start.Data);
        });
        builder.Logging.AddServerLog(LogOptions.From(builder.Configuration), start.Data.Directory, start.LogLevel, start.Time);

        // Why a start failed is thrown, and told in a sentence by whoever started us: not here too, with a trace.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => hasStarted.Value && level >= LogLevel.Warning);

        // That it shuts down, of one that did not even come up, would stand beside that sentence, sometimes.
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);

        // It warns of every caller who hangs up in the middle: a way to fill the disk.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => hasStarted.Value && level >= LogLevel.Error);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Http2", LogLevel.None); // and calls each frame of a flood critical
    }

    /// <summary>What is wrong shows now, and not at the first request.</summary>
    private static void CheckStart(IServiceProvider services)
    {
        foreach (var settings in services.GetServices<KnownSettings>())
        {
            settings.Check(services);
        }

        _ = services.GetRequiredService<DataLock>();
        DatabaseKey.Settle(services.GetRequiredService<DataDirectory>(), services.GetRequiredService<MasterKey>());
        Array.ForEach(Rooms, room => room.CheckStart?.Invoke(services));
        var logger = services.GetRequiredService<ILogger<ServerStart>>();
        foreach (var warning in services.GetRequiredService<DataDirectory>().Private.Select(PrivateFiles.WarningOf).OfType<string>())
        {
            LogOpenToOthers(logger, warning);
        }

        foreach (var lack in Lacks.Of(services.GetRequiredService<IOptions<WireGuardOptions>>().Value))
        {
            LogLack(logger, lack.Sentence);
        }
    }

    private static void Use(WebApplication app, ServerStart start)
    {
        app.UsePublicPath();
        app.UseRequestIds();
        app.UseSecurityHeaders();
        app.UseExceptionHandler(_ => { });
        Array.ForEach(Rooms, room => room.UseFirst?.Invoke(app));
        app.UseTls();
        app.UseTrustedProxies(start.IsInsecureHttpAllowed);
        app.UseAllowedHosts();
        app.UseProblemStatusPages();
        app.UseRouting();
        app.UseConcurrencyLimit();
        app.UseSameOrigin();
        app.UseCrossOrigin();
        app.UseAuthentication();
        app.UseAuthorization();
        Array.ForEach(Rooms, room => room.Use?.Invoke(app));
        app.UseAntiforgery();
    }

    private static void Map(WebApplication app)
    {
        app.MapWeb();
        Array.ForEach(Rooms, room => room.Map?.Invoke(app));
        app.CheckPublicPath();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}.")]
    private static partial void LogOpenToOthers(ILogger logger, string warning);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Lack}")]
    private static partial void LogLack(ILogger logger, string lack);
}
