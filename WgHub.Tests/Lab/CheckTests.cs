namespace WgHub.Lab;

/// <summary>The line with <c>--check</c> finds what is wrong on a spoke, says what to do, and changes nothing.</summary>
[Trait("Kind", "Lab")]
public sealed class CheckTests(LabSite site) : IClassFixture<LabSite>
{
    private const string Check = "sh /root/line.sh --check";

    [Fact]
    public async Task A_tunnel_that_works_is_told_so_and_nothing_is_touched()
    {
        const string Everything =
            "find /etc /run /root /tmp -newerct '5 seconds ago' ! -path '/run/systemd*' ! -path '/run/udev*' ! -path '/run/log*'; wg show wg0 latest-handshakes; ls -l --full-time /etc/wireguard";
        var spoke = await ConnectAsync("oslo");
        await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System, Cancel); // what the install wrote is older than the five seconds by now
        var before = (await spoke.PasteAsync(Everything, Cancel)).OrThrow();

        var said = (await spoke.PasteAsync(Check, Cancel)).OrThrow();

        Assert.Equal(before, (await spoke.PasteAsync(Everything, Cancel)).OrThrow());
        Assert.All(said.TrimEnd('\n').Split('\n')[..^1], line => Assert.StartsWith("ok ", line, StringComparison.Ordinal));
        Assert.EndsWith("wghub: all is well\n", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stopped", "systemctl stop wg-quick@wg0", "FAIL  the service of wg0 does not run", "systemctl enable --now wg-quick@wg0")]
    [InlineData(
        "astray", "sed -i 's/^Endpoint = .*/Endpoint = 10.77.0.99:51820/' /etc/wireguard/wg0.conf; systemctl restart wg-quick@wg0",
        "FAIL  the hub has not answered since the tunnel started at 10.77.0.99:51820 (UDP)", "switched on in the hub's list?")]
    [InlineData(
        "clash", "ip address add 10.8.0.77/24 dev eth0",
        "FAIL  the addresses 10.8.0.0/22 are in use here a second time: 10.8.0.0/24 dev eth0", "Give that network other addresses")]
    [InlineData(
        "other-key", "wg genkey >/etc/wireguard/wghub-wg0.key",
        "FAIL  the key in /etc/wireguard/wghub-wg0.key is not the one that the hub knows", "--uninstall --purge")]
    [InlineData("uprooted", "wg-quick down wg0", "FAIL  the interface wg0 is not there", "wg-quick up wg0")]
    public async Task What_is_wrong_here_is_found(string name, string harm, string finding, string way)
    {
        var spoke = await ConnectAsync(name);
        (await spoke.PasteAsync($"systemctl stop wghub-heal-wg0.timer; {harm}", Cancel)).OrThrow();

        await FindsAsync(spoke, finding, way);
    }

    [Fact]
    public async Task A_hub_whose_web_side_is_gone_is_told_apart_from_one_whose_tunnel_is()
    {
        var spoke = await ConnectAsync("turin");
        await site.Hub.KillAsync(Cancel);

        var said = await FindsAsync(spoke, $"FAIL  no good answer from {LabHub.Url}", "Does the hub run");
        await site.Hub.StartAsync(Cancel);

        Assert.Contains("ok    a ping to 10.8.0.1 comes back through the tunnel\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_too_narrow_for_full_packets_is_found()
    {
        var spoke = await ConnectAsync("lyon");
        (await site.Net.RunAsync(
            ["nft", "add table inet narrow { chain input { type filter hook input priority 0; meta length > 1300 udp dport 51820 drop; }; }"], Cancel))
            .OrThrow();

        await FindsAsync(spoke, "FAIL  packets of 1420 bytes do not come through", "smaller MTU");
        (await site.Net.RunAsync(["nft", "delete table inet narrow"], Cancel)).OrThrow();
    }

    /// <summary>All that is left then is the key: what it failed at, the install has noted.</summary>
    [Fact]
    public async Task What_an_install_failed_at_is_named_and_gone_once_it_works()
    {
        var spoke = await site.Net.BootAsync("riga", SpokeKind.Tools, Cancel);
        var token = await site.Api.CreateTokenAsync("riga", Cancel);
        await site.Api.ConfigureAsync(new() { ["publicEndpoint"] = "10.77.0.250:51820" }, Cancel);

        var said = await spoke.PasteAsync(token.Line.Replace("| sudo sh", ">/root/line.sh", StringComparison.Ordinal) + " && sh /root/line.sh", Cancel);
        var check = await FindsAsync(spoke, "failed: the hub does not answer the tunnel at 10.77.0.250:51820 (UDP).", "Is that the hub's address?");
        await site.Api.ConfigureAsync(new() { ["publicEndpoint"] = $"{LabNet.ServerAddress}:51820" }, Cancel);
        (await spoke.PasteAsync("sh /root/line.sh", Cancel)).OrThrow();

        Assert.Equal(1, said.ExitCode);
        Assert.DoesNotContain("is missing", check, StringComparison.Ordinal);
        Assert.DoesNotContain("does not run", check, StringComparison.Ordinal);
        Assert.EndsWith("wghub: all is well\n", (await spoke.PasteAsync(Check, Cancel)).OrThrow(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_is_refused_says_why_on_a_machine_and_fails_behind_sudo_too()
    {
        var spoke = await site.Net.BootAsync("bergen", SpokeKind.Bare, Cancel);
        var token = await site.Api.CreateTokenAsync("bergen", Cancel);

        var said = await spoke.PasteAsync(token.Line.Replace(token.Secret, token.Secret[..40], StringComparison.Ordinal), Cancel);

        Assert.Equal((3, ""), (said.ExitCode, said.Output));
        Assert.Contains("wghub: The hub refused: This token is not known here.", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_root_it_says_what_it_can_see()
    {
        var spoke = await ConnectAsync("ghent");

        var said = (await spoke.PasteAsync("chmod 755 /root; sudo -u nobody " + Check, Cancel)).OrThrow();

        Assert.Contains("warn  this is not root", said, StringComparison.Ordinal);
        Assert.Contains($"ok    the hub answers at {LabHub.Url}\n", said, StringComparison.Ordinal);
    }

    /// <summary>A connected machine that keeps the script of its line.</summary>
    private async Task<LabSpoke> ConnectAsync(string name)
    {
        var spoke = await site.Net.BootAsync(name, SpokeKind.Tools, Cancel);
        var token = await site.Api.CreateTokenAsync(name, Cancel);
        (await spoke.PasteAsync(token.Line.Replace("| sudo sh", ">/root/line.sh", StringComparison.Ordinal) + " && sh /root/line.sh", Cancel)).OrThrow();
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        return spoke;
    }

    private static async Task<string> FindsAsync(LabSpoke spoke, string finding, string way)
    {
        var result = await spoke.PasteAsync(Check, Cancel);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(finding, result.Output, StringComparison.Ordinal);
        Assert.Contains(way, result.Output, StringComparison.Ordinal);
        return result.Output;
    }
}
