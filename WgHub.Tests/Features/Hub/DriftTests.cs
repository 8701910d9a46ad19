using System.Net;
using System.Text.Json;
using WgHub.TestKit;

namespace WgHub.Features.Hub;

public sealed class DriftTests : HubTest
{
    [Fact]
    public async Task A_stranger_is_shown_removed_and_written_down()
    {
        var spoke = await Hub.EnrolAsync();
        var stranger = Wg.NewKey();
        await Wg.RunAsync($"wg set {Hub.Interface} peer {stranger} allowed-ips 192.0.2.1/32");
        Assert.Equal("""{"missing":0,"unknown":1,"changed":0}""", await DriftAsync());

        await Hub.ReconcileAsync();

        Assert.Equal([spoke.Key], (await Wg.PeersAsync(Hub.Interface)).Keys);
        Assert.Equal("""{"missing":0,"unknown":0,"changed":0}""", await DriftAsync());
        var audit = await Hub.Viewer.GetAsync("/api/audit?event=drift.mended");
        Assert.Equal(stranger, audit.At("entries")[0].GetProperty("detail").GetProperty("unknown").GetString());
        Assert.Equal("system", audit.At("entries")[0].GetProperty("actor").GetString());
    }

    [Fact]
    public async Task A_peer_that_was_taken_off_or_changed_by_hand_is_put_right()
    {
        var (off, changed, untouched) = (await Hub.EnrolAsync(), await Hub.EnrolAsync(), await Hub.EnrolAsync());
        await Wg.RunAsync($"wg set {Hub.Interface} peer {off.Key} remove peer {changed.Key} allowed-ips 192.0.2.1/32");
        Assert.Equal("""{"missing":1,"unknown":0,"changed":1}""", await DriftAsync());

        await Hub.ReconcileAsync();

        var live = await Wg.PeersAsync(Hub.Interface);
        Assert.All([off, changed, untouched], spoke => Assert.Equal($"{spoke.Address}/32", live[spoke.Key]));
    }

    [Theory]
    [InlineData(true, "/dev/null")]
    [InlineData(true, "other")]
    [InlineData(false, "other")]
    public async Task A_preshared_key_that_was_taken_away_or_changed_by_hand_is_put_right_and_not_told(bool hasOne, string harm)
    {
        (await Hub.Admin.PutAsync("/api/hub/config", new { presharedKeys = hasOne })).Expect(HttpStatusCode.OK);
        var (spoke, untouched) = (await Hub.EnrolAsync(), await Hub.EnrolAsync());
        await Hub.ReconcileAsync();
        var before = await PresharedKeysAsync();
        var other = Path.Combine(Hub.Folder.FullName, "other");
        await File.WriteAllTextAsync(other, Wg.NewKey(), TestContext.Current.CancellationToken);
        await Wg.RunAsync($"wg set {Hub.Interface} peer {spoke.Key} preshared-key {Path.Combine(Hub.Folder.FullName, harm)}");
        Assert.NotEqual(before, await PresharedKeysAsync());
        Assert.Equal("""{"missing":0,"unknown":0,"changed":1}""", await DriftAsync());

        await Hub.ReconcileAsync();

        Assert.Equal(before, await PresharedKeysAsync());
        var audit = await Hub.Viewer.GetAsync("/api/audit?event=drift.mended");
        Assert.Equal(spoke.Key, audit.At("entries")[0].GetProperty("detail").GetProperty("changed").GetString());
        Assert.All(
            before.Split(['\t', '\n']).Where(word => word.EndsWith('=') && word != spoke.Key && word != untouched.Key),
            key => Assert.DoesNotContain(key, audit.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_that_was_given_to_another_peer_by_hand_comes_back()
    {
        var (robbed, robber) = (await Hub.EnrolAsync(), await Hub.EnrolAsync());
        await Wg.RunAsync($"wg set {Hub.Interface} peer {robber.Key} allowed-ips {robber.Address}/32,{robbed.Address}/32");

        await Hub.ReconcileAsync();
        await Hub.ReconcileAsync();

        var live = await Wg.PeersAsync(Hub.Interface);
        Assert.Equal(($"{robbed.Address}/32", $"{robber.Address}/32"), (live[robbed.Key], live[robber.Key]));
    }

    [Fact]
    public async Task A_deleted_interface_is_made_again_with_everyone_on_it()
    {
        var spoke = await Hub.EnrolAsync();
        var key = (await Hub.Viewer.GetAsync("/api/hub/config")).Text("publicKey");
        await Wg.RunAsync($"ip link delete {Hub.Interface}");
        var down = (await Hub.Viewer.GetAsync("/api/hub/status")).Expect(HttpStatusCode.OK);
        Assert.Equal((false, "1"), (down.At("up").GetBoolean(), down.Text("drift", "missing")));

        await Hub.ReconcileAsync();

        Assert.Contains(spoke.Key, await Wg.PeersAsync(Hub.Interface));
        Assert.Equal(key, (await Wg.RunAsync($"wg show {Hub.Interface} public-key")).Trim());
        Assert.Contains($"inet {Hub.Address(1)}/22", await Wg.RunAsync($"ip address show {Hub.Interface}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wg set IF listen-port 0")]
    [InlineData("wg set IF private-key /dev/null")]
    [InlineData("ip link set IF down")]
    [InlineData("ip link set IF mtu 1300")]
    [InlineData("ip address flush dev IF")]
    [InlineData("ip address add 192.0.2.1/24 dev IF")]
    public async Task The_interface_itself_is_put_right(string harm)
    {
        var spoke = await Hub.EnrolAsync();
        var before = await DeviceAsync();
        await Wg.RunAsync(harm.Replace("IF", Hub.Interface, StringComparison.Ordinal));
        Assert.NotEqual(before, await DeviceAsync());

        await Hub.ReconcileAsync();

        Assert.Equal(before, await DeviceAsync());
        Assert.Contains(spoke.Key, await Wg.PeersAsync(Hub.Interface));
    }

    [Fact]
    public async Task So_many_strangers_that_rather_the_database_has_forgotten_them_stay()
    {
        var strangers = Enumerable.Range(0, 4).Select(_ => Wg.NewKey()).ToList();
        foreach (var stranger in strangers)
        {
            await Wg.RunAsync($"wg set {Hub.Interface} peer {stranger}");
        }

        await Hub.ReconcileAsync();
        await Hub.ReconcileAsync();

        Assert.Equal(strangers.Order(), (await Wg.PeersAsync(Hub.Interface)).Keys.Order());
        Assert.True(Hub.Get<HubState>().OpenDrift?.Refused);
        Assert.Equal("1", (await Hub.Viewer.GetAsync("/api/audit?event=drift.refused")).Text("total"));   // told once, not at every pass
    }

    [Fact]
    public async Task By_policy_a_stranger_is_only_reported()
    {
        await using var hub = new TestHub { Settings = { ["WireGuard:DriftPolicy"] = "report" } };
        await hub.InitializeAsync();
        var spoke = await hub.EnrolAsync();
        var stranger = Wg.NewKey();
        await Wg.RunAsync($"wg set {hub.Interface} peer {stranger} peer {spoke.Key} remove");

        await hub.ReconcileAsync();

        var live = await Wg.PeersAsync(hub.Interface);
        Assert.Contains(stranger, live);
        Assert.Contains(spoke.Key, live);
        Assert.Equal("1", (await hub.Viewer.GetAsync("/api/audit?event=drift.found")).Text("total"));
    }

    /// <summary>In an order of their own: wireguard-go tells its peers in any.</summary>
    private async Task<string> PresharedKeysAsync() => string.Join('\n', (await Wg.RunAsync($"wg show {Hub.Interface} preshared-keys")).Split('\n').Order());

    private async Task<string> DriftAsync() =>
        JsonSerializer.Serialize((await Hub.Viewer.GetAsync("/api/hub/status")).Expect(HttpStatusCode.OK).At("drift"));

    /// <summary>All of the interface but its peers.</summary>
    private async Task<string> DeviceAsync()
    {
        var link = JsonDocument.Parse(await Wg.RunAsync($"ip -json address show dev {Hub.Interface}")).RootElement[0];
        var addresses = link.GetProperty("addr_info")
            .EnumerateArray()
            .Where(address => address.GetProperty("family").GetString() == "inet")
            .Select(address => $"{address.GetProperty("local")}/{address.GetProperty("prefixlen")}");
        return $"{(await Wg.RunAsync($"wg show {Hub.Interface} dump")).Split('\n')[0]} {link.GetProperty("flags")} {link.GetProperty("mtu")} {string.Join(' ', addresses)}";
    }
}
