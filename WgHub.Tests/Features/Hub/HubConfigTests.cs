using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using WgHub.TestKit;

namespace WgHub.Features.Hub;

public sealed class HubConfigTests : HubTest
{
    [Fact]
    public async Task What_a_change_does_not_name_stays_and_an_empty_text_takes_away()
    {
        var before = (await Hub.Admin.PutAsync("/api/hub/config", new { privateEndpoint = "10.0.0.1", dns = new[] { "9.9.9.9" } })).Expect(HttpStatusCode.OK);
        Assert.Equal($"10.0.0.1:{Hub.Port}", before.Text("privateEndpoint"));

        var after = (await Hub.Admin.PutAsync("/api/hub/config", new { privateEndpoint = "", mtu = 1300 })).Expect(HttpStatusCode.OK);

        Assert.Equal(JsonValueKind.Null, after.At("privateEndpoint").ValueKind);
        Assert.Equal(("1300", "9.9.9.9"), (after.Text("mtu"), after.At("dns")[0].GetString()));
        Assert.Contains("mtu 1300", await Wg.RunAsync($"ip link show {Hub.Interface}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_larger_network_keeps_everyones_address_and_tunnel()
    {
        var spoke = await Hub.EnrolAsync();
        var process = await Wg.ProcessIdAsync(Hub.Interface);

        var answer = (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDR = $"{Hub.Address(0)}/21" })).Expect(HttpStatusCode.OK);

        Assert.Equal($"{Hub.Address(1)}/21", answer.Text("interfaceAddress"));
        Assert.Contains($"inet {Hub.Address(1)}/21", await Wg.RunAsync($"ip address show {Hub.Interface}"), StringComparison.Ordinal);
        Assert.Equal($"{spoke.Address}/32", (await Wg.PeersAsync(Hub.Interface))[spoke.Key]);
        Assert.Equal(process, await Wg.ProcessIdAsync(Hub.Interface));
        (await Hub.Operator.PostAsync("/api/installation/token", new { spokeName = "far", customIP = Hub.Address(1500) })).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_smaller_network_that_leaves_somebody_out_is_refused_with_the_names()
    {
        (await Hub.Operator.PostAsync("/api/installation/token", new { spokeName = "outsider", customIP = Hub.Address(600) })).Expect(HttpStatusCode.Created);
        var before = await Snapshot.TakeAsync(Hub);

        var refusal =
            (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDR = $"{Hub.Address(0)}/24" })).Expect(HttpStatusCode.Conflict, "NETWORK_IN_USE");

        Assert.Contains("outsider", refusal.Text("error"), StringComparison.Ordinal);
        Assert.Equal(before, await Snapshot.TakeAsync(Hub));
        Assert.Equal(Hub.Network, (await Hub.Viewer.GetAsync("/api/hub/config")).Text("networkCIDR"));
    }

    [Fact]
    public async Task A_full_network_is_told_and_grows()
    {
        (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDR = $"{Hub.Address(0)}/30" })).Expect(HttpStatusCode.OK);
        await Hub.EnrolAsync();

        var refusal =
            (await Hub.Operator.PostAsync("/api/installation/token", new { spokeName = "second" })).Expect(HttpStatusCode.Conflict, "ADDRESSES_EXHAUSTED");
        Assert.Contains($"{Hub.Address(0)}/29", refusal.Text("error"), StringComparison.Ordinal);

        (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDR = $"{Hub.Address(0)}/29" })).Expect(HttpStatusCode.OK);
        await Hub.EnrolAsync("second");
    }

    [Fact]
    public async Task A_new_port_is_taken_up_and_one_in_use_is_refused()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        var taken = ((IPEndPoint)socket.LocalEndPoint!).Port;

        (await Hub.Admin.PutAsync("/api/hub/config", new { listenPort = taken })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        Assert.Equal(Hub.Port.ToString(), (await Wg.RunAsync($"wg show {Hub.Interface} listen-port")).Trim());

        (await Hub.Admin.PutAsync("/api/hub/config", new { listenPort = Hub.Port + 1000 })).Expect(HttpStatusCode.OK);
        Assert.Equal((Hub.Port + 1000).ToString(), (await Wg.RunAsync($"wg show {Hub.Interface} listen-port")).Trim());
    }

    [Fact]
    public async Task An_IPv6_network_may_come_later_and_goes_to_everyone()
    {
        var spoke = await Hub.EnrolAsync();

        (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDRv6 = Hub.Network6 })).Expect(HttpStatusCode.OK);

        Assert.Matches($@"^{spoke.Address}/32[ ,]fd00:.*/128$", (await Wg.PeersAsync(Hub.Interface))[spoke.Key]);
        (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDRv6 = "fd01::/64" })).Expect(HttpStatusCode.Conflict, "NETWORK_IN_USE");

        var (_, secret, address) = await Hub.TokenAsync();
        var answer = (await Hub.RegisterAsync(secret, Wg.NewKey())).Expect(HttpStatusCode.Created);
        Assert.Equal(
            [$"{address}/32", $"{Hub.Network6.Split("::")[0]}::{Hex(address)}/128"],
            answer.At("spoke", "allowedIPs").EnumerateArray().Select(network => network.GetString()));
        Assert.Equal([Hub.Network, Hub.Network6], answer.At("hub", "allowedIPs").EnumerateArray().Select(network => network.GetString()));
    }

    [Fact]
    public async Task Spokes_reach_each_other_when_it_is_switched_on()
    {
        var forwarding = $"/proc/sys/net/ipv4/conf/{Hub.Interface}/forwarding";

        (await Hub.Admin.PutAsync("/api/hub/config", new { spokeToSpoke = true })).Expect(HttpStatusCode.OK);
        Assert.Equal("1", (await File.ReadAllTextAsync(forwarding, TestContext.Current.CancellationToken)).Trim());

        (await Hub.Admin.PutAsync("/api/hub/config", new { spokeToSpoke = false })).Expect(HttpStatusCode.OK);
        Assert.Equal("0", (await File.ReadAllTextAsync(forwarding, TestContext.Current.CancellationToken)).Trim());
    }

    /// <summary>The last 32 bits of an IPv6 address, from an IPv4 one.</summary>
    private static string Hex(string address)
    {
        var bytes = IPAddress.Parse(address).GetAddressBytes();
        return $"{(bytes[0] << 8) | bytes[1]:x}:{(bytes[2] << 8) | bytes[3]:x}";
    }
}
