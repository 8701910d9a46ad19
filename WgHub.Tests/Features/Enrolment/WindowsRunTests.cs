using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using WgHub.TestKit;

namespace WgHub.Features.Enrolment;

/// <summary>The lines for Windows and their script, run by a real PowerShell 7 with stand-ins for what only Windows has. No test here ran on Windows.</summary>
public sealed class WindowsRunTests
{
    private const string Handshake = "(& \"$env:ProgramFiles/WireGuard/wg.exe\" show wg0 latest-handshakes) -cmatch '\\t[1-9]'";

    /// <summary>Over https the line is the one that compares a hash, and the script holds on to the hub's key.</summary>
    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task It_installs_runs_again_mends_and_takes_off(string scheme)
    {
        await using var hub = await StartAsync(scheme);
        await using var machine = new Windows("winget.exe");
        var (line, address) = await LineAsync(hub, "kiel");

        var first = await machine.PasteAsync(line);
        Assert.Contains($"connected: wg0 is {address}/32, hub {hub.Url} at localhost:{hub.Port}", first.OrThrow(), StringComparison.Ordinal);
        var (key, calls) = (machine.Tunnel("key"), machine.Said("calls"));
        Assert.Contains("Set-Acl", calls, StringComparison.Ordinal);
        Assert.Contains("winget.exe install --id WireGuard.WireGuard --exact", calls, StringComparison.Ordinal);
        Assert.StartsWith(@"\WgHub\wg0|S-1-5-18|every 00:01:00|C:\Windows\System32\", machine.Said("task-wg0"), StringComparison.Ordinal);
        var spoke = (await hub.Viewer.GetAsync("/api/spoke/list?q=kiel")).At("spokes")[0];
        Assert.Equal("windows", spoke.GetProperty("os").GetString());

        (await machine.PasteAsync(line)).OrThrow();
        Assert.Equal(key, machine.Tunnel("key"));
        Assert.Single(machine.Said("calls").Split('\n'), call => call.StartsWith("wireguard.exe /installtunnelservice", StringComparison.Ordinal));
        Assert.Contains("service WireGuardTunnel$wg0: Running", (await machine.PasteAsync(With(line, "-Check"))).OrThrow(), StringComparison.Ordinal);

        (await machine.RepairAsync()).OrThrow();
        Assert.Contains($"\nEndpoint = 127.0.0.1:{hub.Port}\n", machine.Tunnel("conf"), StringComparison.Ordinal);
        (await machine.RepairAsync()).OrThrow();
        Assert.Contains($"\nEndpoint = localhost:{hub.Port}\n", machine.Tunnel("conf"), StringComparison.Ordinal);
        Assert.True(await Eventually.TrueAsync(
            async () => (await machine.PasteAsync(Handshake)).Output.Contains("True", StringComparison.Ordinal), TimeSpan.FromSeconds(60), Cancel));

        var port = hub.Port + 2000;
        (await hub.Admin.PutAsync("/api/hub/config", new { listenPort = port, publicEndpoint = $"localhost:{port}", privateEndpoint = "" }))
            .Expect(HttpStatusCode.OK);
        (await machine.PasteAsync(await AgainAsync(hub))).OrThrow();
        Assert.Contains($"\nEndpoint = localhost:{port}\n", machine.Tunnel("conf"), StringComparison.Ordinal);
        Assert.Equal(key, machine.Tunnel("key"));
        (await hub.Admin.PutAsync("/api/hub/config", new { listenPort = hub.Port, publicEndpoint = $"localhost:{hub.Port}" })).Expect(HttpStatusCode.OK);

        (await machine.PasteAsync(With(line, "-Uninstall"))).OrThrow();
        Assert.Equal((key, "", ""), (machine.Tunnel("key"), machine.Tunnel("conf"), machine.Said("task-wg0")));
        Assert.Equal(0, (await hub.Viewer.GetAsync("/api/spoke/list?q=kiel")).At("total").GetInt32());
        if (scheme == "http")    // the token went with the spoke
        {
            var refused = await machine.PasteAsync(With(line, "-Uninstall -Purge"));
            Assert.Contains("For that the line needs no token: write install.ps1 in its place.", PowerShell.Plain(refused.Error), StringComparison.Ordinal);
            line = line.Replace(line.Split("/i/")[1][..43], "install.ps1", StringComparison.Ordinal);
        }

        (await machine.PasteAsync(With(line, "-Uninstall -Purge"))).OrThrow();
        Assert.False(Directory.Exists(machine.PathOf("ProgramData/WgHub")));
        Assert.Equal("", machine.Said("complaints"));
    }

    /// <summary>The line does not run what comes from there, and the script, which holds the key, does not tell it anything.</summary>
    [Fact]
    public async Task A_hub_with_another_key_is_told_nothing()
    {
        await using var hub = await StartAsync("https");
        await using var other = await StartAsync("https");
        await using var machine = new Windows("winget.exe");
        var (line, _) = await LineAsync(hub, "bremen");

        var said = await machine.PasteAsync(line.Replace(hub.Url, other.Url, StringComparison.Ordinal));
        Assert.Equal(1, said.ExitCode);
        Assert.Contains("This is not the script of your hub. Nothing of it was run.", PowerShell.Plain(said.Error), StringComparison.Ordinal);

        var script = (await hub.Nobody.GetAsync("/i/install.ps1")).Body.Replace(hub.Url, other.Url, StringComparison.Ordinal);
        await File.WriteAllTextAsync(machine.PathOf("script.ps1"), script, Cancel);
        said = await machine.PasteAsync($"& '{machine.PathOf("script.ps1")}' -Token '{new string('T', 43)}'");
        Assert.Equal(1, said.ExitCode);
        Assert.Contains("No good answer from", PowerShell.Plain(said.Error), StringComparison.Ordinal);
        Assert.Equal(0, (await other.Viewer.GetAsync("/api/spoke/list")).At("total").GetInt32());
    }

    [Fact]
    public async Task A_used_token_is_told_and_so_is_it_by_Check()
    {
        await using var hub = await StartAsync("http");
        await using var machine = new Windows("winget.exe");
        var (line, _) = await LineAsync(hub, "lyon");
        var token = line.Split("/i/")[1][..43];
        (await hub.RegisterAsync(token, Wg.NewKey())).Expect(HttpStatusCode.Created);

        var said = await machine.PasteAsync(line);
        var check = await machine.PasteAsync(With(line, "-Check"));

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("The hub refused: Another key was registered with this token.", PowerShell.Plain(said.Error), StringComparison.Ordinal);
        Assert.Matches("the install of [0-9TZ:-]+ failed: wghub: The hub refused: Another key was registered", check.OrThrow());
    }

    [Fact]
    public async Task Without_a_handshake_everything_is_as_it_was_and_Check_says_why()
    {
        await using var hub = await StartAsync("http", 9);
        await using var machine = new Windows("winget.exe");
        var (line, _) = await LineAsync(hub, "turin");
        var script = (await hub.Nobody.GetAsync($"/i/{line.Split("/i/")[1][..43]}?platform=windows")).Body;
        await File.WriteAllTextAsync(machine.PathOf("script.ps1"), script.Replace("$seconds = 15", "$seconds = 1", StringComparison.Ordinal), Cancel);

        var said = await machine.PasteAsync($"& '{machine.PathOf("script.ps1")}'");
        var check = await machine.PasteAsync($"& '{machine.PathOf("script.ps1")}' -Check");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("The hub does not answer the tunnel at 127.0.0.1:9 (UDP).", PowerShell.Plain(said.Error), StringComparison.Ordinal);
        Assert.Equal(("", "", false), (machine.Tunnel("conf"), machine.Said("task-wg0"), File.Exists(machine.PathOf("services/WireGuardTunnel$wg0"))));
        Assert.Contains("failed: wghub: The hub does not answer the tunnel at 127.0.0.1:9", check.OrThrow(), StringComparison.Ordinal);
        Assert.Contains("missing; see above", check.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("an installer", 0, "connected: wg0 is")]
    [InlineData("another file", 1, "is not the file that the hub knows. Nothing of it was run.")]
    public async Task Without_winget_the_installer_is_fetched_and_its_hash_compared(string served, int code, string told)
    {
        await using var files = new FileServer(served);
        await using var hub = await StartAsync("http", settings: new()
        {
            ["Windows:MsiX64Url"] = $"{files.Url}wireguard.msi",
            ["Windows:MsiX64Sha256"] = Convert.ToHexString(SHA256.HashData("an installer"u8)),
        });
        await using var machine = new Windows("msiexec.exe");
        var (line, _) = await LineAsync(hub, "oslo");

        var said = await machine.PasteAsync(line);

        Assert.Equal(code, said.ExitCode);
        Assert.Contains(told, PowerShell.Plain(said.Output + said.Error), StringComparison.Ordinal);
        Assert.Equal(code == 0, machine.Said("calls").Contains("msiexec.exe /i", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_is_no_administrator_is_told_so_and_nothing_is_done()
    {
        await using var hub = await StartAsync("http");
        await using var machine = new Windows("winget.exe");
        var (line, _) = await LineAsync(hub, "ghent");

        var said = await machine.PasteAsync(line, "WIN_USER=1");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("This needs an administrator.", PowerShell.Plain(said.Error), StringComparison.Ordinal);
        Assert.Equal("", machine.Said("calls"));
    }

    /// <summary>The line that the page of settings shows for a machine that is installed.</summary>
    private static async Task<string> AgainAsync(TestHub hub)
    {
        var page = (await hub.Operator.GetAsync("/settings")).Expect(HttpStatusCode.OK).Body;
        return WebUtility.HtmlDecode(page.Split("<code id=\"again-windows\">")[1].Split("</code>")[0]);
    }

    private static async Task<TestHub> StartAsync(string scheme, int? port = null, Dictionary<string, string>? settings = null)
    {
        var hub = new TestHub { Urls = [$"{scheme}://127.0.0.1:0"], Settings = settings ?? [] };
        await hub.InitializeAsync();
        var publicEndpoint = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port ?? hub.Port}");
        object config = port is null ? new { publicEndpoint, privateEndpoint = $"localhost:{hub.Port}" } : new { publicEndpoint };
        (await hub.Admin.PutAsync("/api/hub/config", config)).Expect(HttpStatusCode.OK);
        return hub;
    }

    private static async Task<(string Line, string Address)> LineAsync(TestHub hub, string name)
    {
        var token = (await hub.Operator.PostAsync("/api/installation/token", new { spokeName = name })).Expect(HttpStatusCode.Created);
        return (token.Text("token", "commands", "windows")!, token.At("token", "allowedIPs")[0].GetString()!.Split('/')[0]);
    }

    /// <summary>The line with options, as docs/platforms.md says where they stand.</summary>
    private static string With(string line, string options) =>
        line.Contains("}elseif", StringComparison.Ordinal) ? line.Replace("}elseif", $" {options}}}elseif", StringComparison.Ordinal) : $"{line} {options}";

    /// <summary>Answers each request with one text.</summary>
    private sealed class FileServer : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _serving;

        public FileServer(string text)
        {
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
            free.Stop();
            _listener.Prefixes.Add(Url);
            _listener.Start();
            _serving = ServeAsync(text);
        }

        public string Url { get; }

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
            _listener.Close();
        }

        private async Task ServeAsync(string text)
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
                    context.Response.Close();
                }
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                // stopped
            }
        }
    }
}
