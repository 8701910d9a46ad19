using System.Net;
using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary>The interface of a hub that is set up has its name for good; the setting names that of a new one.</summary>
public sealed class InterfaceNameTests : HubTest
{
    private const string Other = "wgother";

    [Theory]
    [InlineData("the environment", "WGHUB_WireGuard__Interface=wgother", "{}")]
    [InlineData("the file", "", """{"WireGuard": {"Interface": "wgother"}}""")]
    [InlineData("the file, in one word", "", """{"WireGuard:Interface": "wgother"}""")]
    public async Task A_start_that_names_another_is_refused_and_the_interface_stays_as_it_is(string _, string environment, string file)
    {
        await Hub.EnrolAsync();
        await Hub.StopAsync();
        var before = await InterfaceAsync();
        await File.WriteAllTextAsync(Hub.Data.SettingsFile, file, Cancel);

        var start =
            await Wghub.RunAsync(
                Hub.Folder.FullName, environment.Split(' ', StringSplitOptions.RemoveEmptyEntries), "", "serve", "--urls", "http://127.0.0.1:0");

        Assert.Equal(64, start.ExitCode);
        Assert.Matches($@"\Awghub: [^\n]*WireGuard:Interface[^\n]* {Other}[^\n]* {Hub.Interface}[^\n]+\n\z", start.Error);
        Assert.Equal(before, await InterfaceAsync());
        Assert.NotEqual(0, (await Shell.RunAsync(["ip", "link", "show", Other], Cancel)).ExitCode);
    }

    [Fact]
    public async Task A_start_that_names_none_has_the_hubs_own()
    {
        var before = await Hub.EnrolAsync();
        await Hub.StopAsync();
        await Wg.RunAsync($"ip link delete {Hub.Interface}");
        Hub.IsInterfaceNamed = false;
        await Hub.RestartAsync();
        await Hub.ReconcileAsync();

        var after = await Hub.EnrolAsync();

        Assert.Equal(
            [before.Key, after.Key], (await Wg.PeersAsync(Hub.Interface)).OrderBy(peer => peer.Value, StringComparer.Ordinal).Select(peer => peer.Key));
        Assert.Equal(Hub.Interface, (await Hub.Viewer.GetAsync("/api/hub/status")).Expect(HttpStatusCode.OK).Text("interfaceName"));
        Assert.Contains(after.Key, await File.ReadAllTextAsync(await WrittenAsync(after.Key), Cancel), StringComparison.Ordinal);
        Assert.NotEqual(0, (await Shell.RunAsync(["ip", "link", "show", "wg0"], Cancel)).ExitCode);
    }

    [Fact]
    public async Task An_import_into_a_hub_reads_the_hubs_own_interface()
    {
        await Hub.EnrolAsync();
        Hub.IsInterfaceNamed = false;
        await Hub.RestartAsync();

        var plan = (await Hub.Admin.PostAsync("/api/import/plan", new { running = true })).Expect(HttpStatusCode.OK);

        Assert.Equal((0, 1), (plan.At("added").GetInt32(), plan.At("known").GetInt32()));
    }

    /// <summary>The conf file, as soon as it holds the key.</summary>
    private async Task<string> WrittenAsync(string key)
    {
        await Hub.ReconcileAsync();
        Assert.True(await Eventually.TrueAsync(() => File.ReadAllText(Hub.ConfFile).Contains(key, StringComparison.Ordinal), TimeSpan.FromSeconds(10), Cancel));
        return Hub.ConfFile;
    }

    private async Task<string> InterfaceAsync() => await Wg.RunAsync($"wg show {Hub.Interface} dump") + await File.ReadAllTextAsync(Hub.ConfFile, Cancel);
}
