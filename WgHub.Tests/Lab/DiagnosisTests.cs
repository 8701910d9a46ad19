using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>What the hub says of a connection that real firewalls have broken.</summary>
[Trait("Kind", "Lab")]
public sealed class DiagnosisTests(LabSite site) : IClassFixture<LabSite>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_tunnel_is_followed_from_well_to_narrow_to_silent_and_a_stranger_to_half_open()
    {
        var spoke = await site.ConnectAsync("oslo", Cancel);
        var id = (await site.Api.FindSpokeAsync("oslo", Cancel)).Id;
        Assert.True(
            await Eventually.TrueAsync(async () => await CodesAsync(id) is ["CONNECTED", "TRAFFIC_BOTH_WAYS", ..], Limit, Cancel), "a tunnel that is well");

        await NftAsync("add table inet lab");
        await NftAsync("add chain inet lab output { type filter hook output priority 0 ; }");
        await NftAsync("add rule inet lab output udp sport 51820 meta length > 1400 drop");
        Assert.Equal("LARGE_PACKETS_LOST", (await CodesAsync(id))[0]);

        await NftAsync("add chain inet lab input { type filter hook input priority 0 ; }");
        await NftAsync("add rule inet lab input udp dport 51820 drop");
        Assert.Contains("NO_ANSWER_THROUGH_TUNNEL", await CodesAsync(id));

        // Registered, but its packets never come.
        var stranger = await site.Api.RegisterAsync((await site.Api.CreateTokenAsync("turin", Cancel)).Secret, LabApi.NewPublicKey(), Cancel);
        Assert.Equal("NOTHING_ARRIVES", (await CodesAsync(stranger.Id))[0]);

        // Its packets come, and the answers do not get back: what it sends is signed by its key, so the hub counts it.
        await NftAsync("delete table inet lab");
        var key = (await spoke.RunAsync(["sh", "-c", "wg genkey | tee /tmp/k | wg pubkey"], Cancel)).OrThrow().Trim();
        var lyon = await site.Api.RegisterAsync((await site.Api.CreateTokenAsync("lyon", Cancel)).Secret, key, Cancel);
        (await spoke.PasteAsync("wg set wg0 private-key /tmp/k", Cancel)).OrThrow(); // with the preshared key of oslo, which is another
        (await spoke.PasteAsync("wg set wg0 peer $(wg show wg0 peers) persistent-keepalive 1", Cancel)).OrThrow();
        Assert.True(await Eventually.TrueAsync(async () => (await CodesAsync(lyon.Id))[0] == "HALF_A_HANDSHAKE", Limit, Cancel), "half a handshake");
    }

    private async Task NftAsync(string command) => (await site.Net.RunAsync(["nft", command], Cancel)).OrThrow();

    private async Task<IReadOnlyList<string>> CodesAsync(string id) =>
        [.. (await site.Api.GetAsync($"/api/spoke/{id}/diagnosis", Cancel))
            .GetProperty("findings")
            .EnumerateArray()
            .Select(finding => finding.GetProperty("code").GetString()!)];
}
