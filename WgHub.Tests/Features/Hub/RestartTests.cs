using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Hub;

public sealed class RestartTests : IAsyncLifetime
{
    private readonly TestHub _hub = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _hub.InitializeAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task The_interface_lives_on_while_the_hub_is_down_and_is_taken_over_as_it_is()
    {
        var spoke = await _hub.EnrolAsync();

        // Something that only a peer that is never touched keeps.
        await Wg.RunAsync($"wg set {_hub.Interface} peer {spoke.Key} endpoint 127.0.0.1:4711 persistent-keepalive 7");
        var (process, dump) = (await Wg.ProcessIdAsync(_hub.Interface), await PeerLinesAsync());

        await _hub.StopAsync();
        Assert.Equal(dump, await PeerLinesAsync());
        await _hub.RestartAsync();
        await _hub.ReconcileAsync();

        Assert.NotEmpty(process);
        Assert.Equal(process, await Wg.ProcessIdAsync(_hub.Interface));
        Assert.Equal(dump, await PeerLinesAsync());
    }

    [Fact]
    public async Task What_changed_by_hand_meanwhile_is_mended_at_the_start()
    {
        var spoke = await _hub.EnrolAsync();
        await _hub.StopAsync();
        await Wg.RunAsync($"ip link delete {_hub.Interface}");

        await _hub.RestartAsync();

        Assert.True(await Eventually.TrueAsync(
            async () => (await Wg.PeersAsync(_hub.Interface)).ContainsKey(spoke.Key), TimeSpan.FromSeconds(10), Cancel));
    }

    [Fact]
    public async Task Another_master_key_is_refused_before_anything_is_touched()
    {
        var spoke = await _hub.EnrolAsync();
        await _hub.StopAsync();
        File.Delete(_hub.Data.MasterKeyFile);

        await Assert.ThrowsAnyAsync<Exception>(_hub.RestartAsync);

        Assert.Contains(spoke.Key, await Wg.PeersAsync(_hub.Interface));
    }

    [Fact]
    public async Task The_conf_file_brings_everyone_back_without_the_hub()
    {
        var (spoke, off) = (await _hub.EnrolAsync(), await _hub.EnrolAsync());
        await _hub.Operator.PatchAsync($"/api/spoke/{off.Id}", new { enabled = false });
        await _hub.ReconcileAsync();
        var live = (await Wg.RunAsync($"wg showconf {_hub.Interface}")).Split('\n').Order();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_hub.ConfFile));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_hub.ConfFile)!));   // no draft was left

        await _hub.StopAsync();
        await Wg.RunAsync($"ip link delete {_hub.Interface}");
        await Wg.RunAsync($"wireguard-go {_hub.Interface}");
        var conf = await Wg.RunAsync($"wg-quick strip {_hub.ConfFile}");
        (await Shell.RunAsync(["wg", "setconf", _hub.Interface, "/dev/stdin"], conf, Cancel)).OrThrow();

        Assert.Equal(live, (await Wg.RunAsync($"wg showconf {_hub.Interface}")).Split('\n').Order());
        Assert.Equal([spoke.Key], (await Wg.PeersAsync(_hub.Interface)).Keys);
        Assert.Contains($"Address = {_hub.Address(1)}/22\nMTU = 1420\n", await File.ReadAllTextAsync(_hub.ConfFile, Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_spokes_and_settings_are_all_there_again()
    {
        var spoke = await _hub.EnrolAsync();
        var (_, secret, _) = await _hub.TokenAsync();
        var config = (await _hub.Viewer.GetAsync("/api/hub/config")).Body;

        await _hub.StopAsync();
        await _hub.RestartAsync();

        Assert.Equal(config, (await _hub.Viewer.GetAsync("/api/hub/config")).Body);
        (await _hub.Viewer.GetAsync($"/api/spoke/{spoke.Id}")).Expect(HttpStatusCode.OK);
        (await _hub.RegisterAsync(secret, Wg.NewKey())).Expect(HttpStatusCode.Created);
    }

    /// <summary>The peers' lines; sent bytes are left out, since a keepalive to nobody counts.</summary>
    private async Task<string> PeerLinesAsync() =>
        string.Join('\n', (await Wg.RunAsync($"wg show {_hub.Interface} dump")).Split('\n').Skip(1).Where(line => line.Length > 0).Select(line => string.Join('\t', line.Split('\t').Where((_, index) => index != 6))));
}
