using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Hub;

public sealed class RestartTests : HubTest
{
    [Fact]
    public async Task The_interface_lives_on_while_the_hub_is_down_and_is_taken_over_as_it_is()
    {
        var spoke = await Hub.EnrolAsync();

        // Something that only a peer that is never touched keeps.
        await Wg.RunAsync($"wg set {Hub.Interface} peer {spoke.Key} endpoint 127.0.0.1:4711 persistent-keepalive 7");
        var (process, dump) = (await Wg.ProcessIdAsync(Hub.Interface), await PeerLinesAsync());

        await Hub.StopAsync();
        Assert.Equal(dump, await PeerLinesAsync());
        await Hub.RestartAsync();
        await Hub.ReconcileAsync();

        Assert.NotEmpty(process);
        Assert.Equal(process, await Wg.ProcessIdAsync(Hub.Interface));
        Assert.Equal(dump, await PeerLinesAsync());
    }

    [Fact]
    public async Task What_changed_by_hand_meanwhile_is_mended_at_the_start()
    {
        var spoke = await Hub.EnrolAsync();
        await Hub.StopAsync();
        await Wg.RunAsync($"ip link delete {Hub.Interface}");

        await Hub.RestartAsync();

        Assert.True(await Eventually.TrueAsync(
            async () => (await Wg.PeersAsync(Hub.Interface)).ContainsKey(spoke.Key), TimeSpan.FromSeconds(10), Cancel));
    }

    [Fact]
    public async Task Another_master_key_is_refused_before_anything_is_touched()
    {
        var spoke = await Hub.EnrolAsync();
        await Hub.StopAsync();
        File.Delete(Hub.Data.MasterKeyFile);

        await Assert.ThrowsAnyAsync<Exception>(Hub.RestartAsync);

        Assert.Contains(spoke.Key, await Wg.PeersAsync(Hub.Interface));
    }

    [Fact]
    public async Task The_conf_file_brings_everyone_back_without_the_hub()
    {
        var (spoke, off) = (await Hub.EnrolAsync(), await Hub.EnrolAsync());
        await Hub.Operator.PatchAsync($"/api/spoke/{off.Id}", new { enabled = false });
        await Hub.ReconcileAsync();
        var live = (await Wg.RunAsync($"wg showconf {Hub.Interface}")).Split('\n').Order();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Hub.ConfFile));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(Hub.ConfFile)!));   // no draft was left

        await Hub.StopAsync();
        await Wg.RunAsync($"ip link delete {Hub.Interface}");
        await Wg.RunAsync($"wireguard-go {Hub.Interface}");
        var conf = await Wg.RunAsync($"wg-quick strip {Hub.ConfFile}");
        (await Shell.RunAsync(["wg", "setconf", Hub.Interface, "/dev/stdin"], conf, Cancel)).OrThrow();

        Assert.Equal(live, (await Wg.RunAsync($"wg showconf {Hub.Interface}")).Split('\n').Order());
        Assert.Equal([spoke.Key], (await Wg.PeersAsync(Hub.Interface)).Keys);
        Assert.Contains($"Address = {Hub.Address(1)}/22\nMTU = 1420\n", await File.ReadAllTextAsync(Hub.ConfFile, Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_spokes_and_settings_are_all_there_again()
    {
        var spoke = await Hub.EnrolAsync();
        var (_, secret, _) = await Hub.TokenAsync();
        var config = (await Hub.Viewer.GetAsync("/api/hub/config")).Body;

        await Hub.StopAsync();
        await Hub.RestartAsync();

        Assert.Equal(config, (await Hub.Viewer.GetAsync("/api/hub/config")).Body);
        (await Hub.Viewer.GetAsync($"/api/spoke/{spoke.Id}")).Expect(HttpStatusCode.OK);
        (await Hub.RegisterAsync(secret, Wg.NewKey())).Expect(HttpStatusCode.Created);
    }

    /// <summary>The peers' lines; sent bytes are left out, since a keepalive to nobody counts.</summary>
    private async Task<string> PeerLinesAsync() =>
        string.Join(
            '\n',
            (await Wg.RunAsync($"wg show {Hub.Interface} dump"))
                .Split('\n')
                .Skip(1)
                .Where(line => line.Length > 0)
                .Select(line => string.Join('\t', line.Split('\t').Where((_, index) => index != 6))));
}
