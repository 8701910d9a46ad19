using System.Net;
using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary>The interface of a hub that is set up has its name for good; the setting names that of a new one.</summary>
public sealed class InterfaceNameTests : IAsyncLifetime
{
    private const string Other = "wgother";

    private readonly TestHub _hub = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _hub.InitializeAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Theory]
    [InlineData("the environment", "WGHUB_WireGuard__Interface=wgother", "{}")]
    [InlineData("the file", "", """{"WireGuard": {"Interface": "wgother"}}""")]
    [InlineData("the file, in one word", "", """{"WireGuard:Interface": "wgother"}""")]
    public async Task A_start_that_names_another_is_refused_and_the_interface_stays_as_it_is(string _, string environment, string file)
    {
        await _hub.EnrolAsync();
        await _hub.StopAsync();
        var before = await InterfaceAsync();
        await File.WriteAllTextAsync(_hub.Data.SettingsFile, file, Cancel);

        var start = await Wghub.RunAsync(_hub.Folder.FullName, environment.Split(' ', StringSplitOptions.RemoveEmptyEntries), "", "serve", "--urls", "http://127.0.0.1:0");

        Assert.Equal(64, start.ExitCode);
        Assert.Matches($@"\Awghub: [^\n]*WireGuard:Interface[^\n]* {Other}[^\n]* {_hub.Interface}[^\n]+\n\z", start.Error);
        Assert.Equal(before, await InterfaceAsync());
        Assert.NotEqual(0, (await Shell.RunAsync(["ip", "link", "show", Other], Cancel)).ExitCode);
    }

    [Fact]
    public async Task A_start_that_names_none_has_the_hubs_own()
    {
        var before = await _hub.EnrolAsync();
        await _hub.StopAsync();
        await Wg.RunAsync($"ip link delete {_hub.Interface}");
        _hub.IsInterfaceNamed = false;
        await _hub.RestartAsync();
        await _hub.ReconcileAsync();

        var after = await _hub.EnrolAsync();

        Assert.Equal([before.Key, after.Key], (await Wg.PeersAsync(_hub.Interface)).OrderBy(peer => peer.Value, StringComparer.Ordinal).Select(peer => peer.Key));
        Assert.Equal(_hub.Interface, (await _hub.Viewer.GetAsync("/api/hub/status")).Expect(HttpStatusCode.OK).Text("interfaceName"));
        Assert.Contains(after.Key, await File.ReadAllTextAsync(await WrittenAsync(after.Key), Cancel), StringComparison.Ordinal);
        Assert.NotEqual(0, (await Shell.RunAsync(["ip", "link", "show", "wg0"], Cancel)).ExitCode);
    }

    [Fact]
    public async Task An_import_into_a_hub_reads_the_hubs_own_interface()
    {
        await _hub.EnrolAsync();
        _hub.IsInterfaceNamed = false;
        await _hub.RestartAsync();

        var plan = (await _hub.Admin.PostAsync("/api/import/plan", new { running = true })).Expect(HttpStatusCode.OK);

        Assert.Equal((0, 1), (plan.At("added").GetInt32(), plan.At("known").GetInt32()));
    }

    /// <summary>The conf file, as soon as it holds the key.</summary>
    private async Task<string> WrittenAsync(string key)
    {
        await _hub.ReconcileAsync();
        Assert.True(await Eventually.TrueAsync(() => File.ReadAllText(_hub.ConfFile).Contains(key, StringComparison.Ordinal), TimeSpan.FromSeconds(10), Cancel));
        return _hub.ConfFile;
    }

    private async Task<string> InterfaceAsync() => await Wg.RunAsync($"wg show {_hub.Interface} dump") + await File.ReadAllTextAsync(_hub.ConfFile, Cancel);
}
