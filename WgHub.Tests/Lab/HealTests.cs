using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>A spoke's timer brings the tunnel back from what WireGuard by itself never comes back from.</summary>
[Trait("Kind", "Lab")]
public sealed class HealTests(LabSite site) : IClassFixture<LabSite>
{
    private const string HubName = "hub.lab";
    private const string NewAddress = "10.77.0.4";
    private const string PrivateAddress = "10.77.0.2";
    private const int UsualPort = 51820;
    private const int NewPort = 51999;

    /// <summary>Three minutes of silence and half a minute between two looks become some seconds; the rest is as it is shipped.</summary>
    private const string Hurry = """
        sed -i 's/^SESSION_SECONDS=.*/SESSION_SECONDS=5/' /etc/wireguard/wghub-wg0.heal
        sed -i 's/^OnActiveSec=.*/OnActiveSec=1/; s/^OnUnitInactiveSec=.*/OnUnitInactiveSec=1/; s/^AccuracySec=.*/AccuracySec=1/' /etc/systemd/system/wghub-heal-wg0.timer
        systemctl daemon-reload
        systemctl restart wghub-heal-wg0.timer
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_hub_that_moves_is_found_again_by_its_name()
    {
        await site.Api.ConfigureAsync(new() { ["publicEndpoint"] = HubName, ["privateEndpoint"] = "" }, Cancel);
        var spoke = await ConnectAsync("oslo", LabNet.ServerAddress);

        await site.Net.HubNetwork.IpAsync($"address add {NewAddress}/24 dev lab0", Cancel);
        await using var gone = await SilenceAsync(LabNet.ServerAddress);
        await NameHubAsync(spoke, NewAddress);
        Assert.False(await PingsOnceAsync(spoke));
        (await spoke.PasteAsync(Hurry, Cancel)).OrThrow();

        Assert.True(await ComesBackAsync(spoke), await LogAsync(spoke));
        Assert.Contains($"{NewAddress}:51820", (await spoke.RunAsync(["wg", "show", "wg0", "endpoints"], Cancel)).OrThrow(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_laptop_that_leaves_the_building_takes_the_public_endpoint()
    {
        await site.Net.HubNetwork.IpAsync($"address add {PrivateAddress}/24 dev lab0", Cancel);
        await site.Api.ConfigureAsync(new() { ["publicEndpoint"] = LabNet.ServerAddress, ["privateEndpoint"] = PrivateAddress }, Cancel);
        var spoke = await ConnectAsync("turin", LabNet.ServerAddress);
        Assert.Contains($"\nEndpoint = {PrivateAddress}:51820\n", await spoke.ReadFileAsync("/etc/wireguard/wg0.conf", Cancel), StringComparison.Ordinal);

        await using var gone = await SilenceAsync(PrivateAddress);
        (await spoke.PasteAsync(Hurry, Cancel)).OrThrow();

        Assert.True(await ComesBackAsync(spoke), await LogAsync(spoke));
        Assert.True(
            await Eventually.TrueAsync(
                async () =>
                    (await spoke.ReadFileAsync("/etc/wireguard/wg0.conf", Cancel))
                        .Contains($"\nEndpoint = {LabNet.ServerAddress}:51820\n", StringComparison.Ordinal), Limit, Cancel));
        Assert.Equal("600\n", (await spoke.RunAsync(["stat", "-c", "%a", "/etc/wireguard/wg0.conf"], Cancel)).OrThrow());
        Assert.Contains("it answers at 10.77.0.1:51820", await LogAsync(spoke), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_boot_without_DNS_is_made_good_once_there_is_DNS()
    {
        await site.Api.ConfigureAsync(new() { ["publicEndpoint"] = HubName, ["privateEndpoint"] = "" }, Cancel);
        var spoke = await ConnectAsync("lyon", LabNet.ServerAddress);
        (await spoke.PasteAsync(Hurry, Cancel)).OrThrow();
        (await spoke.PasteAsync("echo 'hosts: files' >/etc/nsswitch.conf; echo '127.0.0.1 localhost lyon' >/etc/hosts", Cancel)).OrThrow();

        await spoke.PowerOffAsync(Cancel);
        await spoke.PowerOnAsync(Cancel);
        Assert.Equal("failed\n", (await spoke.RunAsync(["systemctl", "is-active", "wg-quick@wg0"], Cancel)).Output);
        await NameHubAsync(spoke, LabNet.ServerAddress);

        Assert.True(await ComesBackAsync(spoke), await LogAsync(spoke));
    }

    [Fact]
    public async Task What_a_hand_took_away_comes_back_but_not_what_was_stopped()
    {
        await site.Api.ConfigureAsync(new() { ["publicEndpoint"] = LabNet.ServerAddress, ["privateEndpoint"] = "" }, Cancel);
        var spoke = await ConnectAsync("ghent", LabNet.ServerAddress);
        var before = (await spoke.RunAsync(["wg", "show", "wg0", "latest-handshakes"], Cancel)).OrThrow();

        await HealAsync();
        Assert.Equal(before, (await spoke.RunAsync(["wg", "show", "wg0", "latest-handshakes"], Cancel)).OrThrow());
        Assert.Equal("", await LogAsync(spoke));

        (await spoke.PasteAsync("wg set wg0 peer $(wg show wg0 peers) remove; mkdir /run/wghub.lock; echo 1 >/run/wghub.lock/pid", Cancel)).OrThrow();
        await HealAsync();
        Assert.Equal("", (await spoke.RunAsync(["wg", "show", "wg0", "peers"], Cancel)).OrThrow()); // an install that is at work is not disturbed
        (await spoke.RunAsync(["rm", "-r", "/run/wghub.lock"], Cancel)).OrThrow();
        await HealAsync();
        Assert.True(await ComesBackAsync(spoke));

        (await spoke.RunAsync(["ip", "link", "delete", "wg0"], Cancel)).OrThrow();
        await HealAsync();
        Assert.True(await ComesBackAsync(spoke));

        // A start that is still at work when it is stopped has failed, to systemd, and was not stopped by hand: this one is over.
        (await spoke.RunAsync(["systemctl", "start", "wg-quick@wg0"], Cancel)).OrThrow();
        (await spoke.RunAsync(["systemctl", "stop", "wg-quick@wg0"], Cancel)).OrThrow();
        await HealAsync();
        Assert.Equal("inactive\n", (await spoke.RunAsync(["systemctl", "is-active", "wg-quick@wg0"], Cancel)).Output);

        async Task HealAsync() => (await spoke.RunAsync(["systemctl", "start", "wghub-heal-wg0.service"], Cancel)).OrThrow();
    }

    [Fact]
    public async Task A_hub_that_listens_at_another_port_is_found_by_its_timer_or_by_the_line_that_everybody_may_have()
    {
        await site.Api.ConfigureAsync(new() { ["publicEndpoint"] = LabNet.ServerAddress, ["privateEndpoint"] = "" }, Cancel);
        var (timed, pasted) = (await ConnectAsync("porto", LabNet.ServerAddress), await site.Net.BootAsync("vigo", SpokeKind.Tools, Cancel));
        var token = await site.Api.CreateTokenAsync("vigo", Cancel);
        (await pasted.PasteAsync(token.LineWith("--no-heal"), Cancel)).OrThrow();
        Assert.True(await pasted.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));

        // As where a router stands before each spoke: what the hub sends unasked from its new port does not get there.
        await using var closed = await CloseAsync(NewPort);
        await MoveAsync(NewPort);
        Assert.False(await PingsOnceAsync(timed));
        (await timed.PasteAsync(Hurry, Cancel)).OrThrow();
        Assert.True(await ComesBackAsync(timed), await LogAsync(timed));
        Assert.True(await Eventually.TrueAsync(async () => await EndpointOfAsync(timed) == $"{LabNet.ServerAddress}:{NewPort}\n", Limit, Cancel));
        Assert.Equal("600\n", (await timed.RunAsync(["stat", "-c", "%a", "/etc/wireguard/wg0.conf"], Cancel)).OrThrow());

        Assert.False(await PingsOnceAsync(pasted));
        (await pasted.PasteAsync(AgainOf(token), Cancel)).OrThrow();
        Assert.True(await PingsOnceAsync(pasted));
        Assert.Equal($"{LabNet.ServerAddress}:{NewPort}\n", await EndpointOfAsync(pasted));

        await timed.PowerOffAsync(Cancel);
        await timed.PowerOnAsync(Cancel);
        Assert.True(await ComesBackAsync(timed), await LogAsync(timed));
        await MoveAsync(UsualPort);
    }

    [Fact]
    public async Task Where_nothing_stands_between_a_new_port_is_followed_within_seconds()
    {
        await site.Api.ConfigureAsync(new() { ["publicEndpoint"] = LabNet.ServerAddress, ["privateEndpoint"] = "" }, Cancel);
        var spoke = await ConnectAsync("cadiz", LabNet.ServerAddress);
        using var ping = spoke.StartPing(LabSite.HubTunnelAddress, "wg0");
        await ping.AnswersAsync(20, Cancel);

        await MoveAsync(NewPort);
        await ping.AnswersAsync(20, Cancel);
        await MoveAsync(UsualPort);
        await ping.AnswersAsync(20, Cancel);

        var lost = await ping.StopAsync(Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine($"{lost.Count} echoes lost over two changes of the port, of twenty a second");
        Assert.True(lost.Count < 2 * 5 * 20, $"{lost.Count} echoes lost: the spoke waited for its own clock.");
    }

    [Fact]
    public async Task Neither_an_uninstall_nor_a_second_thought_leaves_the_timer_behind()
    {
        await site.Api.ConfigureAsync(new() { ["publicEndpoint"] = LabNet.ServerAddress, ["privateEndpoint"] = "" }, Cancel);
        var spoke = await site.Net.BootAsync("bergen", SpokeKind.Tools, Cancel);
        var token = await site.Api.CreateTokenAsync("bergen", Cancel);
        (await spoke.PasteAsync(token.Line, Cancel)).OrThrow();
        Assert.Equal(
            "active\nenabled\nroot 600\n",
            (await spoke.PasteAsync(
                "systemctl is-active wghub-heal-wg0.timer; systemctl is-enabled wghub-heal-wg0.timer; stat -c '%U %a' /etc/wireguard/wghub-wg0.heal", Cancel))
                .OrThrow());

        (await spoke.PasteAsync(token.LineWith("--no-heal"), Cancel)).OrThrow();
        Assert.Equal("/etc/wireguard/wghub-wg0.key\n/etc/wireguard/wghub-wg0.state\n", await TracesAsync());
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));

        (await spoke.PasteAsync(token.Line, Cancel)).OrThrow();
        (await spoke.PasteAsync(token.LineWith("--uninstall --purge"), Cancel)).OrThrow();
        Assert.Equal("", await TracesAsync());

        // The empty folder of the lock stays until the next boot: taking it away would race with another run that has just found it.
        async Task<string> TracesAsync() =>
            (await spoke.PasteAsync(
                "find /etc /usr/local /run /var/spool /tmp -name '*wghub*' ! -path /run/wghub.lock | sort; "
                    + "systemctl list-units --all --plain --no-legend 'wghub*'",
                Cancel))
                .OrThrow();
    }

    /// <summary>A machine with WireGuard, to which the hub's name says <paramref name="address"/>, after its line.</summary>
    private async Task<LabSpoke> ConnectAsync(string name, string address)
    {
        var spoke = await site.Net.BootAsync(name, SpokeKind.Tools, Cancel);
        await NameHubAsync(spoke, address);
        (await spoke.PasteAsync((await site.Api.CreateTokenAsync(name, Cancel)).Line, Cancel)).OrThrow();
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        return spoke;
    }

    private static async Task NameHubAsync(LabSpoke spoke, string address) =>
        (await spoke.PasteAsync($"echo '127.0.0.1 localhost {spoke.Name}\n{address} {HubName}' >/etc/hosts", Cancel)).OrThrow();

    /// <summary>The hub is not reached at that address any more, until this is disposed.</summary>
    private async Task<IAsyncDisposable> SilenceAsync(string address)
    {
        await NftAsync($"add table inet heal {{ chain input {{ type filter hook input priority 0; ip daddr {address} udp dport 51820 drop; }}; }}");
        return new Undo(() => NftAsync("delete table inet heal"));
    }

    /// <summary>Nothing gets from the hub's new port to anybody who has not sent there first, until this is disposed.</summary>
    private async Task<IAsyncDisposable> CloseAsync(int port)
    {
        await NftAsync($"add table inet router {{ chain output {{ type filter hook output priority 0; udp sport {port} ct state new drop; }}; }}");
        return new Undo(() => NftAsync("delete table inet router"));
    }

    private Task MoveAsync(int port) =>
        site.Api.ConfigureAsync(new() { ["listenPort"] = port, ["publicEndpoint"] = $"{LabNet.ServerAddress}:{port}" }, Cancel);

    /// <summary>The line that the page of settings shows.</summary>
    private static string AgainOf(InstallToken token) => token.Line.Replace(token.Secret, "again", StringComparison.Ordinal);

    private static async Task<string> EndpointOfAsync(LabSpoke spoke) =>
        (await spoke.PasteAsync("sed -n 's/^Endpoint = //p' /etc/wireguard/wg0.conf", Cancel)).OrThrow();

    private async Task NftAsync(string command) => (await site.Net.RunAsync(["nft", command], Cancel)).OrThrow();

    private static async Task<bool> PingsOnceAsync(LabSpoke spoke) =>
        (await spoke.RunAsync(["ping", "-c", "1", "-w", "1", "-I", "wg0", LabSite.HubTunnelAddress], Cancel)).ExitCode == 0;

    private static Task<bool> ComesBackAsync(LabSpoke spoke) => Eventually.TrueAsync(() => PingsOnceAsync(spoke), Limit, Cancel);

    private static async Task<string> LogAsync(LabSpoke spoke) =>
        (await spoke.RunAsync(["journalctl", "-q", "-o", "cat", "-u", "wghub-heal-wg0.service"], Cancel)).Output;

    private sealed class Undo(Func<Task> action) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await action();
    }
}
