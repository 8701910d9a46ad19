using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>The hub exchanges its own key, and machines with the timer follow by themselves.</summary>
[Trait("Kind", "Lab")]
public sealed class HubKeyTests(HttpsSite site) : IClassFixture<HttpsSite>
{
    /// <summary>The hour between two questions stays; the half minute between two looks becomes a second.</summary>
    private const string Hurry = """
        sed -i 's/^OnActiveSec=.*/OnActiveSec=1/; s/^OnUnitInactiveSec=.*/OnUnitInactiveSec=1/; s/^AccuracySec=.*/AccuracySec=1/' /etc/systemd/system/wghub-heal-wg0.timer
        rm -f /run/wghub-wg0.asked
        systemctl daemon-reload
        systemctl restart wghub-heal-wg0.timer
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Machines_that_hold_the_next_key_follow_the_switch_and_the_others_come_back_by_their_line()
    {
        var (follows, late) = (await site.Net.BootAsync("oslo", SpokeKind.Tools, Cancel), await site.Net.BootAsync("turin", SpokeKind.Tools, Cancel));
        var (token, lateToken) = (await site.Api.CreateTokenAsync("oslo", Cancel), await site.Api.CreateTokenAsync("turin", Cancel));
        (await follows.PasteAsync(token.Line, Cancel)).OrThrow();
        (await late.PasteAsync(lateToken.Line.Replace("| sudo sh", "| sudo sh -s -- --no-heal", StringComparison.Ordinal), Cancel)).OrThrow();

        await site.Api.PostAsync("/api/hub/key/announce", [], Cancel);
        (await follows.PasteAsync(Hurry, Cancel)).OrThrow();
        Assert.True(await IsBehindAsync("turin"), await LogAsync(follows));

        using var ping = follows.StartPing(LabSite.HubTunnelAddress, "wg0");
        await ping.AnswersAsync(20, Cancel);
        await site.Api.PostAsync("/api/hub/key/switch", new() { ["leaveBehind"] = 1 }, Cancel);
        await Task.Delay(TimeSpan.FromSeconds(1), Cancel);
        await ping.AnswersAsync(20, Cancel);
        var lost = await ping.StopAsync(Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine($"{lost.Count} echoes lost, of twenty a second, with a look each second");

        Assert.True(await IsBehindAsync("turin"), await LogAsync(follows));
        Assert.False(await late.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        (await late.PasteAsync(lateToken.Line, Cancel)).OrThrow();
        Assert.True(await late.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        Assert.True(await IsBehindAsync());

        await follows.PowerOffAsync(Cancel);
        await follows.PowerOnAsync(Cancel);
        Assert.True(await follows.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        Assert.Equal("600\n", (await follows.RunAsync(["stat", "-c", "%a", "/etc/wireguard/wg0.conf"], Cancel)).OrThrow());
        await site.Api.PostAsync("/api/hub/key/end", [], Cancel);
    }

    private Task<bool> IsBehindAsync(params string[] names) => Eventually.TrueAsync(
        async () =>
            names.SequenceEqual((await site.Api.GetAsync("/api/hub/key", Cancel)).GetProperty("behind").EnumerateArray().Select(name => name.GetString())),
        Limit,
        Cancel);

    private static async Task<string> LogAsync(LabSpoke spoke) =>
        (await spoke.PasteAsync("journalctl -u wghub-heal-wg0 --no-pager | tail -20; ls -la /etc/wireguard; wg show wg0 | grep -v key", Cancel)).Output;
}
