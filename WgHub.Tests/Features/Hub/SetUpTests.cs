using System.Net;
using System.Net.Sockets;
using WgHub.TestKit;

namespace WgHub.Features.Hub;

public sealed class SetUpTests : HubTest
{
    private protected override TestHub Make() => new() { IsSetUp = false };

    [Fact]
    public async Task A_hub_is_set_up_with_its_interface_and_its_conf_file()
    {
        var answer =
            (await SendSetUpAsync(("networkCIDRv6", Hub.Network6), ("privateEndpoint", "10.1.2.3"), ("dns", new[] { "1.1.1.1", "fd00::53" }), ("mtu", 1380)))
                .Expect(HttpStatusCode.Created);

        Assert.Equal(["message", "config"], answer.Members());
        Assert.Equal(
            ["id", "interfaceName", "interfaceAddress", "listenPort", "publicKey", "networkCIDR", "interfaceAddressV6", "networkCIDRv6",
                "publicEndpoint", "privateEndpoint", "dns", "searchDomain", "mtu", "spokeToSpoke", "presharedKeys", "createdAt", "updatedAt"],
            answer.Members("config"));
        Assert.Equal((Hub.Interface, $"{Hub.Address(1)}/22"), (answer.Text("config", "interfaceName"), answer.Text("config", "interfaceAddress")));
        Assert.Equal(answer.At("config").ToString(), (await Hub.Viewer.GetAsync("/api/hub/config")).Expect(HttpStatusCode.OK).Body);

        var link = await Wg.RunAsync($"ip address show {Hub.Interface}");
        Assert.Contains("mtu 1380", link, StringComparison.Ordinal);
        Assert.Contains("UP", link, StringComparison.Ordinal);
        Assert.Contains($"inet {Hub.Address(1)}/22", link, StringComparison.Ordinal);
        Assert.Contains("inet6 fd00:", link, StringComparison.Ordinal);
        Assert.Equal(Hub.Port.ToString(), (await Wg.RunAsync($"wg show {Hub.Interface} listen-port")).Trim());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Hub.ConfFile));
    }

    [Fact]
    public async Task A_second_time_is_refused()
    {
        (await SendSetUpAsync()).Expect(HttpStatusCode.Created);

        (await SendSetUpAsync()).Expect(HttpStatusCode.Conflict, "HUB_ALREADY_INITIALIZED");
    }

    [Fact]
    public async Task Of_ten_at_once_one_sets_it_up()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SendSetUpAsync()));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);

        // Who came late may also have found the port taken by the winner.
        Assert.All(answers, answer => Assert.Contains(answer.Code, new[] { null, "HUB_ALREADY_INITIALIZED", "VALIDATION_FAILED" }));
        Assert.Equal(
            (await Hub.Viewer.GetAsync("/api/hub/config")).Text("publicKey"),
            (await Wg.RunAsync($"wg show {Hub.Interface} public-key")).Trim());
    }

    [Fact]
    public async Task Before_it_nothing_of_the_network_works()
    {
        (await Hub.Viewer.GetAsync("/api/hub/config")).Expect(HttpStatusCode.Conflict, "HUB_NOT_INITIALIZED");
        (await Hub.Viewer.GetAsync("/api/hub/status")).Expect(HttpStatusCode.Conflict, "HUB_NOT_INITIALIZED");
        (await Hub.Admin.PutAsync("/api/hub/config", new { mtu = 1300 })).Expect(HttpStatusCode.Conflict, "HUB_NOT_INITIALIZED");
        (await Hub.Operator.PostAsync("/api/installation/token", new { spokeName = "oslo" })).Expect(HttpStatusCode.Conflict, "HUB_NOT_INITIALIZED");
        (await Hub.Nobody.GetAsync("/readyz")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Endpoint_is_another_name_for_publicEndpoint_and_a_port_stays()
    {
        var answer =
            (await Hub.Admin.PostAsync("/api/hub/initialize", new { networkCIDR = Hub.Network, listenPort = Hub.Port, endpoint = "203.0.113.5:443" }))
                .Expect(HttpStatusCode.Created);

        Assert.Equal("203.0.113.5:443", answer.Text("config", "publicEndpoint"));
    }

    [Fact]
    public async Task A_port_in_use_is_refused_with_its_field()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, Hub.Port));

        (await RefusalAsync("listenPort")).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
    }

    [Fact]
    public async Task A_network_that_the_machine_reaches_otherwise_is_refused()
    {
        await Wg.RunAsync($"ip route add {Hub.Address(128)}/25 dev lo");
        try
        {
            (await RefusalAsync("networkCIDR")).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        }
        finally
        {
            await Wg.RunAsync($"ip route delete {Hub.Address(128)}/25 dev lo");
        }
    }

    [Fact]
    public async Task So_is_an_IPv6_network()
    {
        await Wg.RunAsync("ip -6 route add fd42:77::/80 dev lo");
        try
        {
            (await RefusalAsync("networkCIDRv6", ("networkCIDRv6", "fd42:77::/64"))).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
            (await SendSetUpAsync(("networkCIDRv6", "fd42:78::/64"))).Expect(HttpStatusCode.Created);
        }
        finally
        {
            await Wg.RunAsync("ip -6 route delete fd42:77::/80 dev lo");
        }
    }

    [Fact]
    public async Task Somebody_elses_tunnels_are_left_alone()
    {
        await Wg.RunAsync($"wireguard-go {Hub.Interface}");
        var key = Wg.NewKey();
        await Wg.RunAsync($"wg set {Hub.Interface} peer {key}");

        (await RefusalAsync("interfaceName")).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

        Assert.Contains(key, await Wg.PeersAsync(Hub.Interface));
    }

    private Task<Answer> SendSetUpAsync(params (string Name, object Value)[] more)
    {
        var body = Hub.SetUp;
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        return Hub.Admin.PostAsync("/api/hub/initialize", body);
    }

    /// <summary>A refusal for this field, that changed nothing.</summary>
    private async Task<Answer> RefusalAsync(string field, params (string Name, object Value)[] more)
    {
        var before = await Snapshot.TakeAsync(Hub);
        var answer = await SendSetUpAsync(more);
        Assert.Equal(before, await Snapshot.TakeAsync(Hub));
        Assert.Equal([field], answer.Members("errors"));
        return answer;
    }
}
