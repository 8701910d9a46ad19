using Microsoft.Extensions.Options;
using WgHub.Cli;
using WgHub.Features.Audit;
using WgHub.Features.Auth;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Oidc;
using WgHub.Features.Clusters;
using WgHub.Features.Diagnosis;
using WgHub.Features.Enrolment;
using WgHub.Features.Hub;
using WgHub.Features.Import;
using WgHub.Features.Leases;
using WgHub.Features.Metrics;
using WgHub.Features.Reports;
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

/// <summary>How a hub is started.</summary>
/// <param name="SettingsFile">May be missing.</param>
/// <param name="Urls">Where to listen.</param>
internal sealed record HubStart(DataDirectory Data, string SettingsFile, IReadOnlyList<string> Urls)
{
    /// <summary>The clock; another one where a test turns it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>True: plain HTTP is served to everybody, for labs.</summary>
    public bool IsInsecureHttpAllowed { get; init; }

    /// <summary>What the log is told, in place of <c>Log:Level</c>: tests want to hear of trouble alone.</summary>
    public LogLevel? LogLevel { get; init; }
}

/// <summary>The composition root: the one file that names every room.</summary>
internal static class WgHubApp
{
    /// <exception cref="UsageException">An unknown setting.</exception>
    /// <exception cref="OptionsValidationException">A setting out of range.</exception>
    /// <exception cref="InvalidDataException">The settings file is not JSON, or the log file cannot be written.</exception>
    /// <exception cref="StorageException">The database cannot be used.</exception>
    public static WebApplication Build(HubStart start)
    {
        // The empty builder: the others watch every directory below the content root for settings files.
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory, ApplicationName = typeof(WgHubApp).Assembly.GetName().Name });
        AddSettings(builder, start);
        AddServer(builder, start);
        AddRooms(builder.Services, start);
        var app = builder.Build();
        CheckStart(app);
        UseRooms(app, start);
        return app;
    }

    private static void AddSettings(WebApplicationBuilder builder, HubStart start)
    {
        IEnumerable<string> known =
        [
            .. Settings.NamesOf<WireGuardOptions>(WireGuardOptions.Section),
            .. Settings.NamesOf<LimitOptions>(LimitOptions.Section),
            .. Settings.NamesOf<WebOptions>(WebOptions.Section),
            .. Settings.NamesOf<LogOptions>(LogOptions.Section),
            .. Settings.NamesOf<TlsOptions>(TlsOptions.Section),
            .. Settings.NamesOf<AcmeOptions>(AcmeOptions.Section),
            .. Settings.NamesOf<WindowsOptions>(WindowsOptions.Section),
        ];
        if (Settings.FirstUnknown(start.SettingsFile, known) is { } unknown)
        {
            throw new UsageException($"Unknown setting {unknown}.");
        }

        Settings.AddTo(builder.Configuration, start.SettingsFile);
    }

    private static void AddServer(WebApplicationBuilder builder, HubStart start)
    {
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AddServerLimits();
            kestrel.ListenOn(start.Urls, start.IsInsecureHttpAllowed);
        });
        builder.Logging.AddHubLog(LogOptions.From(builder.Configuration), start.Data.Directory, start.LogLevel, start.Time, notKept: typeof(SetupInvitation));
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error) // it warns of every caller who hangs up in the middle: a way to fill the disk
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error) // it cannot know that SealedKeyRing encrypts
            .AddFilter(typeof(HubAuthentication).FullName, LogLevel.Warning);
    }

    private static void AddRooms(IServiceCollection services, HubStart start)
    {
        services.AddSingleton(start.Time);
        services.AddStorage(start.Data);
        services.AddRoutingCore();
        services.AddAppProblems();
        services.AddJsonRules();
        services.AddWebSettings();
        services.AddAccess();
        services.AddAuth();
        services.AddWireGuard();
        services.AddOpenApi();
#pragma warning disable IL2026 // kept whole by TrimMode partial, and walked by WgHub.Tests/Published
        services.AddRazorPages(options =>
        {
            options.RootDirectory = "/Features";
            options.Conventions.ConfigureFilter(new PageVerbFilter());
        });
#pragma warning restore IL2026

        services.AddAudit();
        services.AddSingleton<LeaseStore>();
        services.AddTls(start.Urls);
        services.AddAcme(start.Urls);
        services.AddOptions<WindowsOptions>().BindConfiguration(WindowsOptions.Section);
        services.AddSingleton<IValidateOptions<WindowsOptions>, WindowsOptionsValidator>();
        services.AddSingleton<WindowsScript>();
        services.AddTokens();
        services.AddClusterTokens();
        services.AddSpokes();
        services.AddClusters();
        services.AddReports();
        services.AddHub();
        services.AddNotices();
        services.AddDiagnosis();
        services.AddEnrolment();
        services.AddRotation();
        services.AddHubKey();
        services.AddImport();
        services.AddSetup();
    }

    /// <summary>What is wrong shows now, and not at the first request.</summary>
    private static void CheckStart(WebApplication app)
    {
        _ = app.Services.GetRequiredService<IOptions<WireGuardOptions>>().Value;
        _ = app.Services.GetRequiredService<IOptions<LimitOptions>>().Value;
        _ = app.Services.GetRequiredService<IOptions<WebOptions>>().Value;
        _ = app.Services.GetRequiredService<IOptions<TlsOptions>>().Value;
        _ = app.Services.GetRequiredService<IOptions<AcmeOptions>>().Value;
        _ = app.Services.GetRequiredService<IOptions<WindowsOptions>>().Value;
        _ = app.Services.GetRequiredService<DataLock>();
        DatabaseKey.Settle(app.Services.GetRequiredService<DataDirectory>(), app.Services.GetRequiredService<MasterKey>());
        app.Services.GetRequiredService<HubInterface>().CheckSetting();
    }

    private static void UseRooms(WebApplication app, HubStart start)
    {
        app.UseSecurityHeaders();
        app.UseExceptionHandler(_ => { });
        app.UseAcme();
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
        app.UseReports();
        app.UseApiAntiforgery();
        app.UseAntiforgery();

        app.MapAssets();
        app.MapHealth();
        app.MapOpenApi("/openapi/v1.json").RequireAuthorization(Access.Viewer);
        app.MapRazorPages();
        app.MapOidc();
        app.MapAudit();
        app.MapTokens();
        app.MapClusterTokens();
        app.MapSpokes();
        app.MapClusters();
        app.MapHub();
        app.MapDiagnosis();
        app.MapEnrolment();
        app.MapRotation();
        app.MapHubKey();
        app.MapImport();
        app.MapNothingElse();
    }
}
