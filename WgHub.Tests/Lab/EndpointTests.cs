namespace WgHub.Lab;

/// <summary>A hub with two endpoints: the spoke takes the one over which a handshake comes back.</summary>
[Trait("Kind", "Lab")]
public sealed class EndpointTests(LabSite site) : IClassFixture<LabSite>
{
    private const string PublicEndpoint = $"{LabNet.ServerAddress}:51820";
    private const string PrivateAddress = "10.77.0.2";
    private const string DeadAddress = "10.77.0.3";

    [Fact]
    public async Task A_private_endpoint_that_answers_is_taken()
    {
        await site.Net.HubNetwork.IpAsync($"address add {PrivateAddress}/24 dev lab0", Cancel);
        await site.Api.ConfigureAsync(new() { ["privateEndpoint"] = PrivateAddress }, Cancel);

        var spoke = await site.ConnectAsync("oslo", Cancel);

        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        Assert.Equal($"{PrivateAddress}:51820", await EndpointOfAsync(spoke));
    }

    [Fact]
    public async Task A_dead_private_endpoint_gives_way_to_the_public_one()
    {
        await site.Api.ConfigureAsync(new() { ["privateEndpoint"] = DeadAddress }, Cancel);

        var spoke = await site.ConnectAsync("turin", Cancel);

        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        Assert.Equal(PublicEndpoint, await EndpointOfAsync(spoke));
    }

    [Fact]
    public async Task With_both_endpoints_dead_the_machine_stays_as_it_was_until_one_is_back()
    {
        await site.Api.ConfigureAsync(new() { ["privateEndpoint"] = DeadAddress }, Cancel);
        var spoke = await site.Net.BootAsync("lyon", SpokeKind.Tools, Cancel);
        var token = await site.Api.CreateTokenAsync("lyon", Cancel);

        await NftAsync("add table inet lab");
        await NftAsync("add chain inet lab input { type filter hook input priority 0 ; }");
        await NftAsync("add rule inet lab input udp dport 51820 drop");
        var first = await spoke.PasteAsync(token.Line, Cancel);
        await NftAsync("delete table inet lab");

        Assert.Equal(1, first.ExitCode);
        Assert.Contains("the hub does not answer", first.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, (await spoke.RunAsync(["ip", "link", "show", "wg0"], Cancel)).ExitCode);
        Assert.Equal("wghub-failure\nwghub-wg0.key\nwghub-wg0.state\n", (await spoke.RunAsync(["ls", "-A", "/etc/wireguard"], Cancel)).OrThrow());
        Assert.NotEqual("enabled\n", (await spoke.RunAsync(["systemctl", "is-enabled", "wg-quick@wg0"], Cancel)).Output);

        (await spoke.PasteAsync(token.Line, Cancel)).OrThrow();
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
    }

    private static async Task<string> EndpointOfAsync(LabSpoke spoke) =>
        (await spoke.PasteAsync("sed -n 's/^Endpoint = //p' /etc/wireguard/wg0.conf", Cancel)).OrThrow().Trim();

    private async Task NftAsync(string command) => (await site.Net.RunAsync(["nft", command], Cancel)).OrThrow();
}
