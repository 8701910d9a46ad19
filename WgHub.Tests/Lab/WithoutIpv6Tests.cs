using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>Machines whose IPv6 is off, in each way that it can be, as spokes of a hub that has both.</summary>
[Trait("Kind", "Lab")]
public sealed class WithoutIpv6Tests(DualSite site) : IClassFixture<DualSite>
{
    private const string HubTunnelAddress6 = "fd42:77::a08:1";
    private const string Off = "sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1";
    private const string On = "sysctl -q -w net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0";

    /// <summary>What else answers as IPv6 that is there and cannot be had: as udev and a setting for links of this name, or a container's bars.</summary>
    private const string Barred =
        "mv /usr/bin/ip /usr/bin/ip.real; printf '#!/bin/sh\\n[ \"$1\" != -6 ] || { echo RTNETLINK answers: Permission denied >&2; exit 2; }\\n"
        + "exec /usr/bin/ip.real \"$@\"\\n' >/usr/bin/ip; chmod +x /usr/bin/ip";

    [Theory]
    [InlineData("sysctl", Off)]
    [InlineData("kernel", Off + "; mount -t tmpfs tmpfs /proc/sys/net/ipv6")]
    [InlineData("barred", Barred)]
    public async Task It_connects_by_IPv4_and_says_what_is_missing(string name, string harm)
    {
        var spoke = await site.Net.BootAsync(name, SpokeKind.Tools, Cancel);
        (await spoke.PasteAsync(harm, Cancel)).OrThrow();
        var token = await site.Api.CreateTokenAsync(name, Cancel);

        var said = await spoke.PasteAsync(token.Line, Cancel);

        Assert.Equal(0, said.ExitCode);
        Assert.Contains("IPv6 is off on this machine, so the tunnel goes without it: fd42:77::", said.Error, StringComparison.Ordinal);
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        var check = await spoke.PasteAsync($"{Download(token)} | sh -s -- --check", Cancel);
        Assert.Matches("IPv6 is (off here, so|on here, and) wg0 goes without it", check.Output);

        await spoke.PowerOffAsync(Cancel);
        await spoke.PowerOnAsync(Cancel);
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
    }

    [Fact]
    public async Task Switched_on_it_comes_with_the_same_line_and_switched_off_the_tunnel_goes_on_without()
    {
        var spoke = await site.Net.BootAsync("turn", SpokeKind.Tools, Cancel);
        (await spoke.PasteAsync(Off, Cancel)).OrThrow();
        var token = await site.Api.CreateTokenAsync("turn", Cancel);
        (await spoke.PasteAsync(token.Line, Cancel)).OrThrow();

        (await spoke.PasteAsync(On, Cancel)).OrThrow();
        Assert.Contains("IPv6 is on here", (await spoke.PasteAsync($"{Download(token)} | sh -s -- --check", Cancel)).Output, StringComparison.Ordinal);
        (await spoke.PasteAsync(token.Line, Cancel)).OrThrow();
        Assert.True(await spoke.PingsAsync(HubTunnelAddress6, "wg0", Cancel));

        (await spoke.PasteAsync($"systemctl stop wg-quick@wg0; {Off}; systemctl start wg-quick@wg0; sh /etc/wireguard/wghub-wg0.heal", Cancel)).OrThrow();
        Assert.True(await Eventually.TrueAsync(() => spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel), TimeSpan.FromSeconds(60), Cancel));
        Assert.Contains("\n# Without IPv6", await spoke.ReadFileAsync("/etc/wireguard/wg0.conf", Cancel), StringComparison.Ordinal);
    }

    private static string Download(InstallToken token) => token.Line.Split('|')[0];
}

/// <summary>One whose hub has IPv6 too.</summary>
public sealed class DualSite : LabSite
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Api.ConfigureAsync(new() { ["networkCIDRv6"] = "fd42:77::/64" }, TestContext.Current.CancellationToken);
    }
}
