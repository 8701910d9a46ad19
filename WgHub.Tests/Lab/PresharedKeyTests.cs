using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>The preshared key in a real tunnel. No key is ever printed: what is compared is whether they are equal.</summary>
[Trait("Kind", "Lab")]
public sealed class PresharedKeyTests(LabSite site) : IClassFixture<LabSite>
{
    private const string Conf = "/etc/wireguard/wg0.conf";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Both_sides_have_it_and_one_taken_away_by_hand_comes_back()
    {
        var spoke = await site.ConnectAsync("oslo", Cancel);
        var key = (await site.Api.FindSpokeAsync("oslo", Cancel)).PublicKey;
        var shared = await AtHubAsync(key);
        Assert.True(shared.Length == 44);
        Assert.True(await AtSpokeAsync(spoke) == shared);
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));

        (await site.Net.RunAsync(["wg", "set", "wg0", "peer", key, "preshared-key", "/dev/null"], Cancel)).OrThrow();
        Assert.True(await Eventually.TrueAsync(async () => await AtHubAsync(key) == shared, Limit, Cancel));

        // Not the session of before, which does not ask for the key again, but a new handshake.
        (await spoke.RunAsync(["systemctl", "restart", "wg-quick@wg0"], Cancel)).OrThrow();
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
    }

    [Fact]
    public async Task A_spoke_that_lost_it_is_not_let_in_and_gets_it_back_by_its_line()
    {
        var spoke = await site.Net.BootAsync("turin", SpokeKind.Tools, Cancel);
        var token = await site.Api.CreateTokenAsync("turin", Cancel);
        (await spoke.PasteAsync(token.Line, Cancel)).OrThrow();
        var shared = await AtSpokeAsync(spoke);

        (await spoke.PasteAsync($"sed -i /^PresharedKey/d {Conf} && systemctl restart wg-quick@wg0", Cancel)).OrThrow();
        Assert.False(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        (await spoke.PasteAsync(token.Line, Cancel)).OrThrow();

        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        Assert.True(await AtSpokeAsync(spoke) == shared);
        Assert.Equal("600\n", (await spoke.RunAsync(["stat", "-c", "%a", Conf], Cancel)).OrThrow());
        Assert.False((await spoke.ReadFileAsync("/etc/wireguard/wghub-wg0.state", Cancel)).Contains(shared, StringComparison.Ordinal));
        Assert.Equal("", (await spoke.PasteAsync("find /tmp /etc/wireguard -name '*.before' -o -name 'wghub.*'", Cancel)).OrThrow());
    }

    private async Task<string> AtHubAsync(string key) =>
        Of(
            (await site.Net.RunAsync(["wg", "show", "wg0", "preshared-keys"], Cancel))
                .OrThrow()
                .Split('\n')
                .Single(line => line.StartsWith(key, StringComparison.Ordinal)));

    private static async Task<string> AtSpokeAsync(LabSpoke spoke) => Of((await spoke.RunAsync(["wg", "show", "wg0", "preshared-keys"], Cancel)).OrThrow());

    private static string Of(string line) => line.Trim().Split('\t')[1];
}
