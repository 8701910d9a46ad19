using System.Globalization;
using System.Net;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Admin;
using WgHub.Features.Enrolment;
using WgHub.Features.Scripts;
using WgHub.Published;
using WgHub.Storage;
using WgHub.TestKit;
using Visitor = WgHub.Published.Visitor;

namespace WgHub.Web;

/// <summary>A hub below a path behind a real nginx and a real Caddy, as docs/proxy.md sets them up: the path handed on, or taken off.</summary>
public sealed class ProxyTests : IAsyncDisposable
{
    private const string Password = "correct horse battery";

    private readonly int _port = ReverseProxy.FreePort();
    private TestHub? _hub;
    private ReverseProxy? _proxy;

    public static TheoryData<string, int> Pieces => new() { { "nginx", 0 }, { "nginx", 1 }, { "caddy", 0 }, { "caddy", 1 } };

    private string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/wghub");

    private TestHub Hub => _hub!;

    [Theory]
    [MemberData(nameof(Pieces))]
    public async Task People_set_it_up_sign_in_and_find_every_page(string program, int piece)
    {
        await StartAsync(program, piece, isSetUp: false);
        using var visitor = new Visitor(new(Url));
        var setUp = (await visitor.OpenAsync("/wghub", Cancel)).Expect(HttpStatusCode.OK, "/wghub/setup");
        setUp.Fill("Set-up code", (await Hub.Get<SetupCodes>().NewAsync(Cancel))?.Reveal() ?? "").Fill("Your name", "ada").Fill("Password", Password)
            .Fill("Public endpoint", "vpn.example.com").Fill("UDP port", $"{Hub.Port}").Fill("Network", Hub.Network);

        var dashboard = (await visitor.PressAsync(setUp, "Set up", Cancel)).Expect(HttpStatusCode.OK, "/wghub/");
        (await visitor.PressAsync(dashboard, "Sign out", Cancel)).Expect(HttpStatusCode.OK, "/wghub/signin");
        var signIn = (await visitor.OpenAsync("/wghub/tokens?page=1", Cancel)).Expect(HttpStatusCode.OK, "/wghub/signin");
        var wrong = (await visitor.PressAsync(signIn.Fill("Name", "ada").Fill("Password", "wrong"), "Sign in", Cancel))
            .Expect(HttpStatusCode.Unauthorized, "/wghub/signin");
        var tokens = (await visitor.PressAsync(wrong.Fill("Name", "ada").Fill("Password", Password), "Sign in", Cancel))
            .Expect(HttpStatusCode.OK, "/wghub/tokens");

        (await visitor.PressByHtmxAsync(tokens.Fill("Name", "$(reboot)"), "Make token", Cancel)).Expect(HttpStatusCode.UnprocessableEntity, "/wghub/tokens");
        (await visitor.PressAsync(tokens.Fill("Name", "oslo"), "Make token", Cancel)).Expect(HttpStatusCode.OK, "/wghub/tokens");
        Assert.Superset(new HashSet<string>(["/wghub/spokes", "/wghub/settings", "/wghub/users/new"]), await WalkAsync(visitor));
    }

    [Theory]
    [MemberData(nameof(Pieces))]
    public async Task A_spoke_pastes_its_line_checks_itself_and_takes_itself_off(string program, int piece)
    {
        await StartAsync(program, piece, isSetUp: true);
        using var admin = new ApiClient(Url, (await Hub.Get<ApiTokenService>().CreateAsync("proxy", Roles.Admin, null, Actor.Cli, Cancel)).Reveal());
        (await admin.PutAsync("/api/hub/config", new { publicEndpoint = $"127.0.0.1:{Hub.Port}" })).Expect(HttpStatusCode.OK);
        var made = (await admin.PostAsync("/api/installation/token", new { spokeName = "oslo", platform = "macos" })).Expect(HttpStatusCode.Created);
        var line = made.Text("token", "commands", "macos")!;

        var script = (await Shell.RunAsync(["sh", "-c", line[..^" | sudo sh".Length]], Cancel)).OrThrow();
        await using var machine = new Mac();
        var installed = await machine.RunAsync("dash", script, "ada");
        using var other = new InstallPieces();
        var check = await other.RunAsync("dash", null, ["--check"], script: script); // on Linux: there it looks at the hub's web side
        var off = await machine.RunAsync("dash", script, "ada", "--uninstall", "--purge");

        Assert.StartsWith($"curl -fsSL {Url}/i/", line, StringComparison.Ordinal);
        Assert.True(installed.ExitCode == 0, installed.Error);
        Assert.True(check.Output.Contains($"the hub answers at {Url}\n", StringComparison.Ordinal), check.Output + check.Error);
        Assert.True(off.ExitCode == 0, off.Error);
        Assert.Empty((await admin.GetAsync("/api/spoke/list")).At("spokes").EnumerateArray());
    }

    [Theory]
    [MemberData(nameof(Pieces))]
    public async Task Only_what_is_below_the_path_is_the_hubs_and_probes_and_spokes_need_no_path(string program, int piece)
    {
        await StartAsync(program, piece, isSetUp: true);
        var root = new Uri(Url).GetLeftPart(UriPartial.Authority);
        using var outside = new ApiClient(root, null);
        using var below = new ApiClient(Url, null);

        Assert.Equal("ok", (await below.GetAsync("/healthz")).Expect(HttpStatusCode.OK).Body);
        Assert.NotEqual("ok", (await outside.GetAsync("/healthz")).Body);
        foreach (var path in (string[])["/healthz", "/readyz", "/wghub/healthz", "/i/rotate", "/wghub/i/rotate"])
        {
            (await Hub.Nobody.GetAsync(path)).Expect(HttpStatusCode.OK);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }
    }

    private async Task StartAsync(string program, int piece, bool isSetUp)
    {
        _hub = new() { IsSetUp = isSetUp, Settings = { ["Web:PublicUrl"] = Url, ["Web:TrustedProxies"] = "127.0.0.1" } };
        await _hub.InitializeAsync();
        _proxy = await ReverseProxy.StartAsync(program, piece, _port, new Uri(_hub.Url).Authority, Cancel);
    }

    /// <returns>The pages that links lead to from the dashboard on. Each is there, and so is what it is drawn with.</returns>
    private async Task<HashSet<string>> WalkAsync(Visitor visitor)
    {
        var (seen, assets, left) = (new HashSet<string>(["/wghub/"]), new HashSet<string>(), new Queue<string>(["/wghub/"]));
        while (left.TryDequeue(out var path))
        {
            var page = await visitor.OpenAsync(path, Cancel);
            Assert.True(page.StatusCode == HttpStatusCode.OK, $"{path}: {page.StatusCode} {page.Words()}");
            assets.UnionWith(page.QuerySelectorAll("link[href], script[src], img[src]").Select(one => one.GetAttribute("href") ?? one.GetAttribute("src")!));
            foreach (var link in page.QuerySelectorAll("a[href^='/']").Select(one => one.GetAttribute("href")!.Split('#')[0]).Where(seen.Add))
            {
                left.Enqueue(link);
            }
        }

        using var anybody = new ApiClient(new Uri(Url).GetLeftPart(UriPartial.Authority), null);
        foreach (var asset in assets)
        {
            (await anybody.GetAsync(asset)).Expect(HttpStatusCode.OK);
        }

        return seen;
    }
}
