using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Admin;
using WgHub.Features.Enrolment;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Bench;

/// <summary>
/// What sign-in, limits and headers add to a request: the same endpoint inside the hub and on a bare server, turn by turn, all in this process.
/// </summary>
internal static class OverheadBench
{
    private const int WarmUp = 5_000;
    private const int Turns = 10_000;
    private const int SignIns = 500;
    private const string Open = "/bench";
    private const string Closed = "/api/bench";

    public static async Task RunAsync(string folder, Report report)
    {
        DataDirectory data = new(Directory.CreateDirectory(folder).FullName);
        await File.WriteAllTextAsync(data.SettingsFile, """{"Limits": {"ScriptsPerMinutePerIp": 1000000}}""");
        await using var hub = WgHubApp.Build(new(data, data.SettingsFile, ["http://127.0.0.1:0"]) { LogLevel = LogLevel.Error });
        hub.MapGet(Open, AnswerAsync).AllowAnonymous();
        hub.MapGet(Closed, AnswerAsync).RequireAuthorization(Access.Viewer);
        await hub.StartAsync();
        await using var server = NewBareServer();
        await server.StartAsync();

        using var bare = new HubClient(new(server.Urls.Single()), null);
        using var anonymous = new HubClient(new(hub.Urls.Single()), null);
        var tokens = hub.Services.GetRequiredService<ApiTokenService>();
        var token = await tokens.CreateAsync("bench", Roles.Viewer, null, Actor.Cli, CancellationToken.None);
        using var program = new HubClient(new(hub.Urls.Single()), new(token.Reveal()));
        var (floor, open, closed) = (new Samples(), new Samples(), new Samples());
        for (var turn = -WarmUp; turn < Turns; turn++)
        {
            if (turn == 0)
            {
                (floor, open, closed) = (new(), new(), new());
            }

            await floor.TimeAsync(() => bare.GetAsync(Open));
            await open.TimeAsync(() => anonymous.GetAsync(Open));
            await closed.TimeAsync(() => program.GetAsync(Closed));
        }

        await MeasureSignInAsync(hub, anonymous, report);
        report.Latency("floor: a call to a bare endpoint", floor);
        report.Latency("the same endpoint behind limits and headers", open, floor.Median);
        report.Latency("the same behind sign-in by token, limits and headers", closed, floor.Median);
        report.Fact("what sign-in, limits and headers add to a request", $"{(closed.Median - floor.Median) * 1000:F0} µs");
    }

    /// <summary>The sign-in page with a provider that does not answer: nothing listens where its settings point.</summary>
    private static async Task MeasureSignInAsync(WebApplication hub, HubClient browser, Report report)
    {
        var (database, settings) = (hub.Services.GetRequiredService<Database>(), hub.Services.GetRequiredService<SignInSettingsStore>());
        await hub.Services.GetRequiredService<AccountService>().AddAsync("bench", Roles.Admin, "a password for the bench", Actor.Cli, CancellationToken.None);
        await database.WriteAsync(
            db => settings.Save(db, SignInSettings.Default with { OidcEnabled = true, Issuer = "http://127.0.0.1:9", ClientId = "bench" }),
            CancellationToken.None);
        var page = new Samples();
        for (var turn = -SignIns / 10; turn < SignIns; turn++)
        {
            if (turn == 0)
            {
                page = new();
            }

            await page.TimeAsync(() => browser.GetAsync("/signin"));
        }

        report.Latency("sign-in page, its provider down", page);
    }

    private static WebApplication NewBareServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.MapGet(Open, context => context.Response.WriteAsync("ok"));
        return app;
    }

    private static Task AnswerAsync(HttpContext context)
    {
        context.RequestServices.GetRequiredService<Limits>().Take(EnrolmentRoom.Scripts, context);
        return context.Response.WriteAsync("ok");
    }
}
