using System.Net;
using WgHub.Features.Scripts;
using WgHub.Features.Tls;
using WgHub.TestKit;

namespace WgHub.Features.Enrolment;

/// <summary>A line that the hub refuses, pasted for real: it says why, and ends as something that failed.</summary>
public sealed class RefusedLineTests
{
    private static readonly string[] Whys = ["unknown", "cut", "gone", "longer", "expired", "revoked", "platform", "limited", "before set-up", "storage"];

    /// <summary>With https, lines hold on to the hub's key, and the one for Windows is another.</summary>
    public static TheoryData<string, string> Cases => [.. from scheme in (string[])["http", "https"] from why in Whys select (scheme, why)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Its_reason_is_told(string scheme, string why)
    {
        var time = new ManualTime();
        await using var hub = new TestHub
        {
            Time = time,
            Urls = [$"{scheme}://127.0.0.1:0"],
            IsSetUp = why != "before set-up",
            Settings = why == "limited" ? new() { ["Limits:ScriptsPerMinutePerIp"] = "1" } : [],
        };
        await hub.InitializeAsync();
        var (lines, token) = await LinesAsync(hub);
        var (change, reason, ofNoToken) = await RefuseAsync(hub, time, why, token);

        foreach (var line in new[] { lines.Linux, lines.Macos, lines.Proxmox }.Select(change))
        {
            await PastedToShellAsync(line, reason);
        }

        if (ofNoToken)
        {
            await PastedToShellAsync(lines.Linux.Replace(token, "rotate", StringComparison.Ordinal), reason);
        }

        // A platform is what leads to the script for Windows. The one for everybody is asked for without a token, and asks no database.
        if (scheme == "http" ? why != "platform" : why == "limited")
        {
            await PastedToWindowsAsync(change(lines.Windows), reason);
        }
    }

    /// <summary>The token goes with the spoke, and the machine may still have the tunnel.</summary>
    [Theory]
    [InlineData("--uninstall", true)]
    [InlineData("--uninstall --purge", true)]
    [InlineData("--check", true)]
    [InlineData("--no-heal", false)]
    public async Task What_needs_no_token_is_led_to_a_line_without_one(string options, bool isLed)
    {
        await using var hub = new TestHub();
        await hub.InitializeAsync();
        var download = $"curl -fsSL {hub.Url}/i/{new string('A', 43)}";

        var said = await Shell.RunAsync(["sh", "-c", $"{download} | sh -s -- {options}"], Cancel);

        Assert.Equal((3, isLed), (said.ExitCode, said.Error.Contains("write \"rotate\" in its place", StringComparison.Ordinal)));
        if (options.StartsWith("--uninstall", StringComparison.Ordinal))
        {
            var rotate = await Shell.RunAsync(["sh", "-c", $"curl -fsSL {hub.Url}/i/rotate | sh -s -- {options}"], Cancel);
            Assert.Contains("nothing to remove", rotate.OrThrow(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_program_that_reads_JSON_gets_the_code_at_either_address()
    {
        await using var hub = new TestHub();
        await hub.InitializeAsync();
        var token = new string('A', 43);

        (await hub.Nobody.SendAsync(HttpMethod.Get, $"/i/{token}", null, ("Accept", "application/json"))).Expect(HttpStatusCode.NotFound, "TOKEN_NOT_FOUND");
        (await hub.Nobody.SendAsync(HttpMethod.Get, $"/api/installation/script/{token}", null, ("Accept", "*/*")))
            .Expect(HttpStatusCode.NotFound, "TOKEN_NOT_FOUND");
    }

    /// <returns>What becomes of the line, what is told then, and whether a line without a token is refused likewise.</returns>
    private static async Task<(Func<string, string> Change, string Reason, bool OfNoToken)> RefuseAsync(TestHub hub, ManualTime time, string why, string token)
    {
        switch (why)
        {
            case "cut":
                return (line => line.Replace(token, token[..20], StringComparison.Ordinal), "This token is not known here", false);
            case "gone":
                return (line => line.Replace(token, "", StringComparison.Ordinal), "There is no such address. Was the line copied whole?", false);
            case "longer":
                return (line => line.Replace(token, $"{token}/x", StringComparison.Ordinal), "There is no such address. Was the line copied whole?", false);
            case "platform":
                return (line => line.Replace(token, $"{token}?platform=router", StringComparison.Ordinal), "There is no script for router", false);
            case "expired":
                time.Advance(TimeSpan.FromDays(365));
                return (Same, "This token has expired. Make a new one.", false);
            case "revoked":
                var id = (await hub.Viewer.GetAsync("/api/installation/tokens")).At("tokens")[0].GetProperty("id").GetString();
                (await hub.Operator.DeleteAsync($"/api/installation/token/{id}")).Expect(HttpStatusCode.OK);
                return (Same, "This token was revoked. Make a new one.", false);
            case "limited":
                await hub.Nobody.GetAsync("/i/rotate");
                return (Same, "Too many requests of this kind", true);
            case "before set-up":
                return (line => line.Replace(token, "rotate", StringComparison.Ordinal), "The hub has no network yet. Set it up first.", false);
            case "storage":
                await hub.Database.WriteAsync(tx => tx.Execute($"alter table hubs rename to gone"), Cancel);
                await hub.Database.WriteAsync(tx => tx.Execute($"alter table installation_tokens rename to gone_too"), Cancel);
                return (Same, "No good answer from the hub: ", false);    // without a token, nothing is looked up
            default:
                return (line => line.Replace(token, new string('A', 43), StringComparison.Ordinal), "This token is not known here. Make a new one.", false);
        }

        static string Same(string line) => line;
    }

    private static async Task<(InstallLine Lines, string Token)> LinesAsync(TestHub hub)
    {
        var token = hub.IsSetUp ? (await hub.TokenAsync()).Secret : new string('T', 43);
        var pin = hub.Url.StartsWith("https", StringComparison.Ordinal) ? hub.Get<Certificates>().Current!.Pin : null;
        var address = new ServerAddress(new(hub.Url), pin);
        return (new LinesAt(address, pin is null ? null : WindowsScript.HashOf(hub.Get<WindowsScript>().Render(address, null))).For(token), token);
    }

    private static async Task PastedToShellAsync(string line, string reason)
    {
        var said = await Shell.RunAsync(["sh", "-c", line.Replace("sudo sh", "sh", StringComparison.Ordinal)], Cancel);

        Assert.True(said.ExitCode is 3 or 4, $"{line}: exit code {said.ExitCode}\n{said.Output}{said.Error}");
        Assert.Contains(reason, said.Error, StringComparison.Ordinal);
        Assert.Equal("", said.Output);
    }

    private static async Task PastedToWindowsAsync(string line, string reason)
    {
        var folder = Directory.CreateTempSubdirectory("wghub-curl-");
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "curl.exe"), "/usr/bin/curl");

        var said = await PowerShell.RunAsync(line, $"PATH={folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}");

        folder.Delete(recursive: true);
        Assert.NotEqual(0, said.ExitCode);
        Assert.Contains(reason, string.Join(' ', said.Error.Split((char[])[' ', '\n', '|'], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}
