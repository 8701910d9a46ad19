using System.Net;
using System.Net.Sockets;
using WgHub.Features.Reports;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.TestKit;

namespace WgHub.Features.Hub;

/// <summary>An interface that is not as wanted: what can be made good is, what cannot is told, and nobody is called live who is not.</summary>
public sealed class MendingTests : HubTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_step_that_the_kernel_refuses_keeps_no_other_from_being_done()
    {
        (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDRv6 = "fd42:77::/64" })).Expect(HttpStatusCode.OK);
        var spoke = await Hub.EnrolAsync();
        await Hub.ReconcileAsync();
        await Wg.RunAsync($"sysctl -qw net.ipv6.conf.{Hub.Interface}.disable_ipv6=1"); // takes its IPv6 addresses away
        var address = (await Hub.Viewer.GetAsync("/api/hub/config")).Text("interfaceAddress");
        await Wg.RunAsync($"ip address delete {address} dev {Hub.Interface}");
        await Wg.RunAsync($"ip link set {Hub.Interface} down mtu 1300");
        await Wg.RunAsync($"wg set {Hub.Interface} listen-port {FreePort()} peer {spoke.Key} remove");

        await Hub.ReconcileAsync();

        var shown = await Wg.RunAsync($"ip address show {Hub.Interface}");
        Assert.Contains(address!, shown, StringComparison.Ordinal);
        Assert.Contains("mtu 1420", shown, StringComparison.Ordinal);
        Assert.Contains(spoke.Key, (await Wg.PeersAsync(Hub.Interface)).Keys);
        Assert.Equal($"{Hub.Port}", (await Wg.RunAsync($"wg show {Hub.Interface} listen-port")).Trim());
        var status = await Hub.Viewer.GetAsync("/api/hub/status");
        Assert.Equal("True", status.Text("up"));
        Assert.Contains("IPv6 is switched off on this machine", status.Text("failure"), StringComparison.Ordinal);
        Assert.Contains("IPv6 is switched off", (await (await Hub.PersonAsync(Web.Roles.Viewer)).GetAsync("/")).Body, StringComparison.Ordinal);
        await Hub.EnrolAsync();

        // What is refused already keeps no other setting from being changed.
        (await Hub.Admin.PutAsync("/api/hub/config", new { mtu = 1400 })).Expect(HttpStatusCode.OK);
        await Wg.RunAsync($"sysctl -qw net.ipv6.conf.{Hub.Interface}.disable_ipv6=0");
        await Hub.ReconcileAsync();
        Assert.Equal("", (await Hub.Viewer.GetAsync("/api/hub/status")).Text("failure"));
    }

    [Fact]
    public async Task A_change_that_the_kernel_refuses_is_taken_back()
    {
        await Wg.RunAsync($"sysctl -qw net.ipv6.conf.{Hub.Interface}.disable_ipv6=1");

        (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDRv6 = "fd42:77::/64" }))
            .Expect(HttpStatusCode.ServiceUnavailable, "WIREGUARD_FAILED");

        Assert.Equal("", (await Hub.Viewer.GetAsync("/api/hub/config")).Text("networkCIDRv6"));
        await Hub.ReconcileAsync();
        Assert.Equal("", (await Hub.Viewer.GetAsync("/api/hub/status")).Text("failure"));
    }

    [Fact]
    public async Task While_another_program_has_the_port_nobody_is_called_live()
    {
        var (first, (_, token, _)) = (await Hub.EnrolAsync(), await Hub.TokenAsync());
        var key = Wg.NewKey();
        using (await TakePortAsync())
        {
            await Hub.ReconcileAsync();

            var status = await Hub.Viewer.GetAsync("/api/hub/status");
            Assert.Equal("False", status.Text("up"));
            Assert.NotEqual("", status.Text("failure"));
            Assert.Contains(first.Key, (await Wg.PeersAsync(Hub.Interface)).Keys);
            (await Hub.RegisterAsync(token, key)).Expect(HttpStatusCode.ServiceUnavailable, "WIREGUARD_FAILED");
            (await Hub.Nobody.GetAsync("/readyz")).Expect(HttpStatusCode.OK);
        }

        (await Hub.RegisterAsync(token, key)).Expect(HttpStatusCode.OK); // durable since, and live now
        Assert.Equal("True", (await Hub.Viewer.GetAsync("/api/hub/status")).Text("up"));
        await Hub.ReconcileAsync();
        Assert.Equal("", (await Hub.Viewer.GetAsync("/api/hub/status")).Text("failure"));
    }

    [Fact]
    public async Task A_link_that_was_switched_off_by_hand_is_up_before_the_next_one_is_called_live()
    {
        await Wg.RunAsync($"ip link set {Hub.Interface} down");
        Assert.Equal("False", (await Hub.Viewer.GetAsync("/api/hub/status")).Text("up"));

        await Hub.EnrolAsync();

        Assert.Equal("True", (await Hub.Viewer.GetAsync("/api/hub/status")).Text("up"));
    }

    [Fact]
    public async Task A_renamed_interface_gets_its_name_back_with_its_peers_and_their_sessions()
    {
        await using var spoke = await ConnectAsync();
        var before = await HandshakesAsync();
        var peers = await Wg.PeersAsync(Hub.Interface);
        await Wg.RunAsync($"ip link set {Hub.Interface} down");
        await Wg.RunAsync($"ip link set {Hub.Interface} name {Hub.Interface}x");

        await Hub.ReconcileAsync();

        Assert.Equal(peers, await Wg.PeersAsync(Hub.Interface));
        Assert.Equal(before, await HandshakesAsync());
        Assert.Equal("True", (await Hub.Viewer.GetAsync("/api/hub/status")).Text("up"));
        Assert.DoesNotContain($"{Hub.Interface}x", await Wg.RunAsync("ip -brief link"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_made_anew_knocks_where_its_peers_were()
    {
        await using var spoke = await ConnectAndFallSilentAsync();
        await Wg.RunAsync($"ip link delete {Hub.Interface}");
        await Hub.ReconcileAsync();

        await IsConnectedAsync();
    }

    /// <summary>Whoever makes it anew, such as the next registration: the pass after it knocks.</summary>
    [Fact]
    public async Task An_interface_that_a_registration_made_anew_is_knocked_from_too()
    {
        await using var spoke = await ConnectAndFallSilentAsync();
        await Wg.RunAsync($"ip link delete {Hub.Interface}");
        await Hub.EnrolAsync();
        await Hub.ReconcileAsync();

        await IsConnectedAsync();
    }

    /// <summary>Such as wg-quick at a boot, from the copy that the hub writes for it: that knows no endpoints.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_interface_that_somebody_else_made_anew_is_knocked_from_too(bool isAtBoot)
    {
        await using var spoke = await ConnectAndFallSilentAsync();
        await Hub.ReconcileAsync();
        if (isAtBoot)
        {
            await Hub.StopAsync();
        }

        await Wg.RunAsync($"ip link delete {Hub.Interface}");
        await Wg.RunAsync($"wireguard-go {Hub.Interface}");
        var conf = await Wg.RunAsync($"wg-quick strip {Hub.ConfFile}");
        (await Shell.RunAsync(["wg", "setconf", Hub.Interface, "/dev/stdin"], conf, Cancel)).OrThrow();
        if (isAtBoot)
        {
            await Hub.RestartAsync();
        }

        await Hub.ReconcileAsync();

        await IsConnectedAsync();
    }

    /// <summary>A commit whose caller has not yet come to tell the interface, as when the machine is busy.</summary>
    [Fact]
    public async Task What_was_decided_since_the_last_look_is_mended_and_is_no_alarm()
    {
        var (late, gone) = (await Hub.EnrolAsync(), await Hub.EnrolAsync());
        await SwitchAsync(late.Id, false);
        await Hub.ReconcileAsync();
        await SwitchAsync(late.Id, true);
        await Hub.Get<Database>().WriteAsync(tx => Hub.Get<SpokeStore>().Remove(tx, gone.Id), Cancel);

        await Hub.ReconcileAsync();

        Assert.Equal([late.Key], (await Wg.PeersAsync(Hub.Interface)).Keys);
        Assert.Equal("0", (await Hub.Viewer.GetAsync("/api/audit?event=drift.mended")).Text("total"));
        await Wg.RunAsync($"wg set {Hub.Interface} peer {late.Key} remove");
        await Hub.ReconcileAsync();
        Assert.Equal("1", (await Hub.Viewer.GetAsync("/api/audit?event=drift.mended")).Text("total"));
    }

    /// <summary>The hub makes its interface anew by itself meanwhile, and may be the faster one.</summary>
    private async Task<Socket> TakePortAsync()
    {
        var other = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { DualMode = true };
        Assert.True(await Eventually.TrueAsync(
            async () =>
            {
                await Shell.RunAsync(["ip", "link", "delete", Hub.Interface], Cancel);
                try
                {
                    other.Bind(new IPEndPoint(IPAddress.IPv6Any, Hub.Port));
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            Patience, Cancel));
        return other;
    }

    private async Task SwitchAsync(string id, bool isOn) => await Hub.Get<Database>().WriteAsync(
        tx => Hub.Get<SpokeService>().Change(tx, Hub.Get<SpokeStore>().Find(tx, id)!, new(new(Enabled: isOn))), Cancel);

    private async Task<SpokeTunnel> ConnectAsync()
    {
        var ((_, token, _), key) = (await Hub.TokenAsync(), await WgKey.NewAsync());
        var registered = await Hub.RegisterAsync(token, key.Public);
        var tunnel = await SpokeTunnel.OpenAsync(Hub, key, registered.Text("presharedKey")!);
        await IsConnectedAsync();
        return tunnel;
    }

    /// <summary>Only the hub can make the next handshake, and it has seen where the spoke is.</summary>
    private async Task<SpokeTunnel> ConnectAndFallSilentAsync()
    {
        var spoke = await ConnectAsync();
        await spoke.FallSilentAsync();
        await Hub.Get<Sampler>().LookAsync(Cancel);
        return spoke;
    }

    private async Task IsConnectedAsync() =>
        Assert.True(await Eventually.TrueAsync(async () => (await HandshakesAsync()).Any(handshake => handshake > 0), Patience, Cancel));

    private async Task<IReadOnlyList<long>> HandshakesAsync() =>
        [.. (await Wg.RunAsync($"wg show {Hub.Interface} latest-handshakes")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => long.Parse(line.Split('\t')[1], System.Globalization.CultureInfo.InvariantCulture))];

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
