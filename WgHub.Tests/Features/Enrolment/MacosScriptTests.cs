using System.Globalization;
using System.Net;
using System.Xml;
using System.Xml.Linq;
using WgHub.Features.Scripts;
using WgHub.TestKit;

namespace WgHub.Features.Enrolment;

/// <summary>The install script on a Mac that is made of stand-ins, against a real hub with real tunnels. No test here ran on macOS.</summary>
public sealed class MacosScriptTests : HubTest
{
    /// <summary>What <c>/bin/sh</c> may be there, and stricter ones. Not busybox, which takes its own programs before all others.</summary>
    public static TheoryData<string> Shells => [.. InstallScriptTests.Shells.Where(shell => !shell.StartsWith("busybox", StringComparison.Ordinal))];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await UseEndpointAsync(Hub.Port);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task It_installs_runs_again_and_takes_off(string shell)
    {
        await using var mac = new Mac();
        var (_, token, address) = await Hub.TokenAsync();
        var script = await ScriptAsync(token);

        var first = await mac.RunAsync(shell, script, "ada");
        Assert.True(first.ExitCode == 0, first.Error + mac.Complaints + mac.Said("var/log/wghub-wg0.log"));
        Assert.Contains($"connected: wg0 is {address}/32", first.Output, StringComparison.Ordinal);
        Assert.Equal($"-u ada -H {mac.PathOf("opt/homebrew/bin/brew")} install wireguard-tools\n", mac.Said("sudo"));
        var (key, link) = (mac.Said("etc/wireguard/wghub-wg0.key"), mac.Said("var/run/wireguard/wg0.name"));

        var again = await mac.RunAsync(shell, script, "ada");
        Assert.True(again.ExitCode == 0, again.Error);
        Assert.Equal((key, link), (mac.Said("etc/wireguard/wghub-wg0.key"), mac.Said("var/run/wireguard/wg0.name")));
        Assert.Single(mac.Said("launchctl").Split('\n'), line => line == $"bootstrap system {mac.Plist}");

        var off = await mac.RunAsync(shell, script, "ada", "--uninstall", "--purge");
        Assert.True(off.ExitCode == 0, off.Error);
        Assert.Equal([], Directory.GetFileSystemEntries(mac.PathOf("etc/wireguard")));
        Assert.Equal([], Directory.GetFileSystemEntries(mac.PathOf("Library/LaunchDaemons")));
        Assert.Equal([], Directory.GetFileSystemEntries(mac.PathOf("jobs")));
        Assert.Equal("", mac.Said("var/run/wireguard/wg0.name"));
        Assert.Equal("", mac.Complaints);
    }

    [Fact]
    public async Task The_hub_learns_that_it_is_a_Mac()
    {
        await using var mac = new Mac();
        var (_, token, address) = await Hub.TokenAsync("studio");

        (await mac.RunAsync("dash", await ScriptAsync(token), "ada")).OrThrow();

        var spoke = (await Hub.Viewer.GetAsync("/api/spoke/list?q=studio")).At("spokes")[0];
        Assert.Equal("macos", spoke.GetProperty("os").GetString());
        var metadata = (await Hub.Viewer.GetAsync($"/api/spoke/{spoke.GetProperty("id").GetString()}")).At("metadata");
        Assert.Equal(
            ("macos", "15.1", "arm64"),
            (metadata.GetProperty("distribution").GetString(), metadata.GetProperty("version").GetString(), metadata.GetProperty("arch").GetString()));
        Assert.NotEmpty(address);
    }

    [Fact]
    public async Task What_launchd_gets_names_programs_by_their_paths()
    {
        await using var mac = new Mac();
        var (_, token, _) = await Hub.TokenAsync();

        (await mac.RunAsync("dash", await ScriptAsync(token), "ada")).OrThrow();

        var plist = ReadPlist(mac.Plist);
        var brew = mac.PathOf("opt/homebrew/bin");
        Assert.Equal("wghub.wg0", plist["Label"].Value);
        Assert.Equal(
            [$"{brew}/bash", $"{brew}/wg-quick", "up", mac.PathOf("etc/wireguard/wg0.conf")], plist["ProgramArguments"].Elements().Select(word => word.Value));
        Assert.Equal(("true", "true"), (plist["RunAtLoad"].Name.LocalName, plist["AbandonProcessGroup"].Name.LocalName));
        Assert.Equal($"/usr/bin:/bin:/usr/sbin:/sbin:{brew}", plist["EnvironmentVariables"].Elements().ElementAt(1).Value);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(mac.Plist));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(mac.PathOf("etc/wireguard/wg0.conf")));
    }

    [Fact]
    public async Task What_mends_the_tunnel_brings_back_a_link_and_finds_the_other_endpoint()
    {
        await using var mac = new Mac();
        (await Hub.Admin.PutAsync("/api/hub/config", new { privateEndpoint = $"localhost:{Hub.Port}" })).Expect(HttpStatusCode.OK);
        var (_, token, _) = await Hub.TokenAsync();
        (await mac.RunAsync("dash", await ScriptAsync(token), "ada")).OrThrow();
        var plist = ReadPlist(mac.PathOf("Library/LaunchDaemons/wghub.wg0.heal.plist"));
        Assert.Equal(["/bin/sh", mac.PathOf("etc/wireguard/wghub-wg0.heal")], plist["ProgramArguments"].Elements().Select(word => word.Value));
        Assert.Equal("30", plist["StartInterval"].Value);
        Assert.Contains($"\nEndpoint = localhost:{Hub.Port}\n", mac.Said("etc/wireguard/wg0.conf"), StringComparison.Ordinal);

        await mac.WriteConfAsync(conf => conf.Replace($"Endpoint = localhost:{Hub.Port}", "Endpoint = 127.0.0.1:9", StringComparison.Ordinal));
        Assert.Contains($"it answers at localhost:{Hub.Port}", (await mac.HealAsync("dash")).OrThrow(), StringComparison.Ordinal);
        Assert.Contains($"\nEndpoint = localhost:{Hub.Port}\n", mac.Said("etc/wireguard/wg0.conf"), StringComparison.Ordinal);

        await mac.LoseLinkAsync();
        Assert.Contains("wg0 is gone: starting it again", (await mac.HealAsync("dash")).OrThrow(), StringComparison.Ordinal);
        Assert.True(
            await Eventually.TrueAsync(
                () => Task.FromResult(mac.Said("var/run/wireguard/wg0.name").Length > 0), TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.Equal("", mac.Complaints);
    }

    [Fact]
    public async Task A_hub_with_DNS_leaves_the_networks_of_the_machine_alone()
    {
        await using var mac = new Mac();
        (await Hub.Admin.PutAsync("/api/hub/config", new { dns = new[] { "10.8.0.1" } })).Expect(HttpStatusCode.OK);
        var (_, token, _) = await Hub.TokenAsync();

        var result = await mac.RunAsync("dash", await ScriptAsync(token), "ada");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("DNS 10.8.0.1 is left out", result.Error, StringComparison.Ordinal);
        Assert.Equal("", mac.Complaints);
    }

    [Fact]
    public async Task Without_a_handshake_everything_is_as_it_was()
    {
        await using var mac = new Mac();
        await UseEndpointAsync(9);
        var (_, token, _) = await Hub.TokenAsync();
        var script = (await ScriptAsync(token)).Replace("PUBLIC_SECONDS=15", "PUBLIC_SECONDS=1", StringComparison.Ordinal);

        var result = await mac.RunAsync("dash", script, "ada");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("the hub does not answer the tunnel", result.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["wghub-failure", "wghub-wg0.key", "wghub-wg0.state"],
            Directory.GetFiles(mac.PathOf("etc/wireguard")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal([], Directory.GetFileSystemEntries(mac.PathOf("Library/LaunchDaemons")));
        Assert.Equal([], Directory.GetFileSystemEntries(mac.PathOf("jobs")));
        Assert.Equal("", mac.Said("var/run/wireguard/wg0.name") + mac.Complaints);

        var check = await mac.RunAsync("dash", script, "ada", "--check");
        Assert.Matches("FAIL  the install of [0-9: -]+ failed: the hub does not answer the tunnel at 127.0.0.1:9 ", check.Output);

        await UseEndpointAsync(Hub.Port);
        Assert.Equal(0, (await mac.RunAsync("dash", await ScriptAsync(token), "ada")).ExitCode);
        Assert.False(File.Exists(mac.PathOf("etc/wireguard/wghub-failure")));
    }

    [Theory]
    [InlineData("ada", null, 0, "ada")]
    [InlineData("ada", "guest", 0, "ada")]
    [InlineData("root", "ada", 0, "ada")]
    [InlineData("root", null, 2, null)]
    public async Task Homebrew_works_for_its_owner_and_never_for_root(string owner, string? sudoUser, int code, string? user)
    {
        await using var mac = new Mac(owner);
        var (_, token, _) = await Hub.TokenAsync();

        var result = await mac.RunAsync("dash", await ScriptAsync(token), sudoUser);

        Assert.True(result.ExitCode == code, result.Error);
        Assert.Equal(user is null ? "" : $"-u {user}", mac.Said("sudo").Split(" -H")[0]);
        Assert.Equal("", mac.Complaints);
    }

    [Fact]
    public async Task Without_Homebrew_it_says_what_to_do_and_leaves_the_token_alone()
    {
        await using var mac = new Mac(brewOwner: null);
        var (id, token, _) = await Hub.TokenAsync();

        var result = await mac.RunAsync("dash", await ScriptAsync(token), "ada");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Install Homebrew (https://brew.sh) as yourself, without sudo", result.Error, StringComparison.Ordinal);
        Assert.Contains(
            (await Hub.Viewer.GetAsync("/api/installation/tokens")).At("tokens").EnumerateArray(),
            one => one.GetProperty("id").GetString() == id && one.GetProperty("state").GetString() == "pending");
    }

    private async Task<string> ScriptAsync(string token) => (await Hub.Nobody.GetAsync($"/i/{token}?platform=macos")).Expect(HttpStatusCode.OK).Body;

    private async Task UseEndpointAsync(int port) =>
        (await Hub.Admin.PutAsync("/api/hub/config", new { publicEndpoint = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}") }))
            .Expect(HttpStatusCode.OK);

    /// <summary>Its members. The document type's address is not asked.</summary>
    private static Dictionary<string, XElement> ReadPlist(string file)
    {
        using var reader = XmlReader.Create(file, new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
        var members = XDocument.Load(reader).Root!.Element("dict")!.Elements().ToList();
        return members.Where(one => one.Name == "key").ToDictionary(key => key.Value, key => key.ElementsAfterSelf().First());
    }
}
