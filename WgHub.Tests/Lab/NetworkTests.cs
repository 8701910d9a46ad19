using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>A hub that lets spokes reach each other, and gives a network back soon.</summary>
public sealed class NetworkSite : LabSite
{
    internal override Dictionary<string, string> Settings => new(base.Settings) { ["Web__PublicUrl"] = LabHub.HttpsUrl, ["Networks__ReturnSeconds"] = "5" };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Api.ConfigureAsync(new() { ["spokeToSpoke"] = true }, TestContext.Current.CancellationToken);
    }
}

/// <summary>A LAN behind spokes, reached from another spoke with real packets.</summary>
[Trait("Kind", "Lab")]
public sealed class NetworkTests(NetworkSite site) : IClassFixture<NetworkSite>
{
    /// <summary>What the timer does each half minute, and each hour.</summary>
    private const string Learn = "rm -f /run/wghub-wg0.asked; systemctl start wghub-heal-wg0.service; journalctl -q -o cat -u wghub-heal-wg0 -n 3";

    /// <summary>Fetches the hub's settings anew.</summary>
    private const string Again = $"curl -ks {LabHub.HttpsUrl}/i/again | sh";

    /// <summary>A session is over after three minutes, and the hub looks each few seconds.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(225);

    [Fact]
    public async Task A_LAN_behind_a_spoke_is_reached_from_another_one_over_reboots_and_a_second_spoke_takes_over()
    {
        await using var lan = new LabLan(site.Net);
        await lan.CreateAsync(Cancel);
        var (oslo, turin, lyon) = (await site.ConnectAsync("oslo", Cancel), await site.ConnectAsync("turin", Cancel), await site.ConnectAsync("lyon", Cancel));
        await lan.PlugInAsync(oslo, "10.66.0.1", Cancel);
        await lan.PlugInAsync(turin, "10.66.0.2", Cancel);
        (await lyon.PasteAsync(
            $"wg set wg0 peer $(wg show wg0 peers) allowed-ips 10.8.0.0/22,{LabLan.Network} && ip route add {LabLan.Network} dev wg0", Cancel)).OrThrow();
        Assert.False(await lyon.PingsAsync(LabLan.Host, "wg0", Cancel));

        var (first, second) = (await site.Api.FindSpokeAsync("oslo", Cancel), await site.Api.FindSpokeAsync("turin", Cancel));
        var made = await site.Api.PostAsync(
            "/api/networks", new() { ["name"] = "lan", ["cidr"] = LabLan.Network, ["via"] = first.Id, ["standby"] = second.Id, ["masquerade"] = true }, Cancel);
        (await oslo.PasteAsync(Again, Cancel)).OrThrow(); // brings nft along
        (await turin.PasteAsync(Again, Cancel)).OrThrow();
        Assert.True(await lyon.PingsAsync(LabLan.Host, "wg0", Cancel), await LogAsync(oslo));
        Assert.Contains("maxseg size set rt mtu", (await oslo.PasteAsync("nft list table inet wghub_gate_wg0", Cancel)).Output, StringComparison.Ordinal);

        await oslo.PowerOffAsync(Cancel);
        await oslo.PowerOnAsync(Cancel);
        await lan.PlugInAsync(oslo, "10.66.0.1", Cancel);
        Assert.True(await lyon.PingsAsync(LabLan.Host, "wg0", Cancel), await LogAsync(oslo));

        // Somebody sweeps all rules away: the timer makes ours anew.
        (await oslo.PasteAsync($"nft flush ruleset; {Learn}", Cancel)).OrThrow();
        Assert.True(await lyon.PingsAsync(LabLan.Host, "wg0", Cancel), await LogAsync(oslo));

        // Without masquerading the host needs a way back.
        var id = made.GetProperty("id").GetString()!;
        await site.Api.PatchAsync($"/api/networks/{id}", new() { ["masquerade"] = false }, Cancel);
        (await oslo.PasteAsync(Learn, Cancel)).OrThrow();
        Assert.False(await lyon.PingsAsync(LabLan.Host, "wg0", Cancel));
        await lan.IpAsync("route add 10.8.0.0/22 via 10.66.0.1", Cancel);
        Assert.True(await lyon.PingsAsync(LabLan.Host, "wg0", Cancel), await LogAsync(oslo));
        await lan.IpAsync("route delete 10.8.0.0/22", Cancel);
        await site.Api.PatchAsync($"/api/networks/{id}", new() { ["masquerade"] = true }, Cancel);
        (await oslo.PasteAsync(Learn, Cancel)).OrThrow();
        (await turin.PasteAsync(Learn, Cancel)).OrThrow();

        // The first one is cut off, and comes back.
        (await oslo.PasteAsync("ip link set eth0 down", Cancel)).OrThrow();
        Assert.True(await Eventually.TrueAsync(() => IsReachedAsync(lyon), Silence, Cancel), await LogAsync(turin));
        Assert.Equal(second.Id, await CarrierAsync());
        (await oslo.PasteAsync("ip link set eth0 up; ip route replace default via 10.77.0.1", Cancel)).OrThrow();
        Assert.True(await Eventually.TrueAsync(async () => await CarrierAsync() == first.Id, TimeSpan.FromSeconds(60), Cancel), await LogAsync(oslo));
        Assert.True(await lyon.PingsAsync(LabLan.Host, "wg0", Cancel), await LogAsync(oslo));

        // Nothing is left on a spoke that goes.
        (await oslo.PasteAsync(Again + " -s -- --uninstall", Cancel)).OrThrow();
        const string Left = "nft list tables; ls /etc/systemd/system/wghub* /etc/sysctl.d/*wghub* /etc/wireguard/*.behind /etc/wireguard/*.gateway 2>/dev/null";
        Assert.Equal("", (await oslo.PasteAsync(Left, Cancel)).Output);
    }

    private static async Task<bool> IsReachedAsync(LabSpoke from) =>
        (await from.RunAsync(["ping", "-c", "1", "-W", "1", "-I", "wg0", LabLan.Host], Cancel)).ExitCode == 0;

    private async Task<string?> CarrierAsync() =>
        (await site.Api.GetAsync("/api/networks", Cancel)).GetProperty("networks")[0].GetProperty("active").GetString();

    private static async Task<string> LogAsync(LabSpoke spoke) =>
        (await spoke.PasteAsync(
            "journalctl -u wghub-heal-wg0 -u wghub-gateway-wg0 --no-pager | tail -20; nft list ruleset; cat /etc/wireguard/*.behind", Cancel)).Output;
}
