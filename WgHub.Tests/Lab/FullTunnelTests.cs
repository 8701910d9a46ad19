using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace WgHub.Lab;

/// <summary>Everything into the tunnel of a hub without IPv6, on machines that have it, and that people reach from behind a router.</summary>
[Trait("Kind", "Lab")]
public sealed class FullTunnelTests(LabSite site) : IClassFixture<LabSite>
{
    private const int Port = 2222;
    private const string Far = "10.66.0.1";
    private const string Far6 = "fd66::1";

    [Theory]
    [InlineData("oslo", nameof(SpokeKind.Tools), 0)]
    [InlineData("turin", nameof(SpokeKind.Tools), 1)] // rp_filter: strict, as some distributions have it
    [InlineData("lyon", nameof(SpokeKind.Trixie), 2)]
    public async Task Who_is_connected_stays_so_and_others_can_connect(string name, string kind, int rpFilter)
    {
        var spoke = await BootAsync(name, Enum.Parse<SpokeKind>(kind));
        (await spoke.PasteAsync($"for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo {rpFilter} >$f; done", Cancel)).OrThrow();
        using var server = await spoke.ListenAsync(new(IPAddress.Any, Port));
        using var server6 = await spoke.ListenAsync(new(IPAddress.IPv6Any, Port + 1));
        await using var before = await SessionAsync(server, new(IPAddress.Parse(spoke.Address), Port), Far);
        await using var before6 = await SessionAsync(server6, new(Address6Of(spoke), Port + 1), Far6);

        (await spoke.PasteAsync((await site.Api.CreateTokenAsync(name, "all", Cancel)).Line, Cancel)).OrThrow();

        await Task.WhenAll(before.EchoesAsync(), before6.EchoesAsync());
        await using var after = await SessionAsync(server, new(IPAddress.Parse(spoke.Address), Port), Far);
        await using var after6 = await SessionAsync(server6, new(Address6Of(spoke), Port + 1), Far6);
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        Assert.Contains(" dev wg0 ", (await spoke.RunAsync(["ip", "route", "get", Far], Cancel)).OrThrow(), StringComparison.Ordinal);

        (await spoke.PasteAsync("systemctl restart wg-quick@wg0", Cancel)).OrThrow();
        await Task.WhenAll(before.EchoesAsync(), after.EchoesAsync(), after6.EchoesAsync());
        (await spoke.PasteAsync("systemctl stop wg-quick@wg0", Cancel)).OrThrow();
        Assert.Equal("3\n3\n", (await spoke.PasteAsync("ip -4 rule | wc -l; ip -6 rule | wc -l | sed s/2/3/", Cancel)).Output);
        await Task.WhenAll(before.EchoesAsync(), before6.EchoesAsync(), after.EchoesAsync());
    }

    [Fact]
    public async Task IPv6_that_the_hub_does_not_have_is_refused_at_once_and_does_not_leave_beside_the_tunnel()
    {
        var spoke = await BootAsync("ghent", SpokeKind.Tools);
        Assert.Equal(0, (await spoke.RunAsync(["ping", "-6", "-c", "1", "-W", "2", Far6], Cancel)).ExitCode);

        (await spoke.PasteAsync((await site.Api.CreateTokenAsync("ghent", "all", Cancel)).Line, Cancel)).OrThrow();

        var (arrived, clock) = (await EchoesAsync(), Stopwatch.StartNew());
        var said = await spoke.RunAsync(["ping", "-6", "-c", "1", "-W", "5", Far6], Cancel);
        var web = await spoke.RunAsync(["curl", "-sS", "-m", "5", $"http://[{Far6}]:8080/healthz"], Cancel);
        Assert.NotEqual(0, said.ExitCode);
        Assert.Equal(7, web.ExitCode); // refused, and not 28: out of time
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.Equal(arrived, await EchoesAsync());

        await spoke.PowerOffAsync(Cancel);
        await spoke.PowerOnAsync(Cancel);
        await AddIpv6Async(spoke);
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        Assert.Equal(7, (await spoke.RunAsync(["curl", "-sS", "-m", "5", $"http://[{Far6}]:8080/healthz"], Cancel)).ExitCode);
        Assert.Equal(arrived, await EchoesAsync());
    }

    /// <summary>The host there knows no way to a spoke: it answers the hub's own address.</summary>
    [Fact]
    public async Task What_goes_to_the_internet_leaves_at_the_hubs_own_address_by_a_rule_alone()
    {
        await using var web = new NetNamespace($"{site.Net.Prefix}-web");
        await web.CreateAsync(Cancel);
        await site.Net.HubNetwork.IpAsync($"link add web0 type veth peer name eth0 netns {web.Name}", Cancel);
        await site.Net.HubNetwork.IpAsync("address add 203.0.113.1/24 dev web0", Cancel);
        await site.Net.HubNetwork.IpAsync("link set web0 up", Cancel);
        await site.Net.HubNetwork.IpAsync("route add default via 203.0.113.2", Cancel);
        await web.IpAsync("address add 203.0.113.2/24 dev eth0", Cancel);
        await web.IpAsync("link set eth0 up", Cancel);
        using var server = await web.ListenAsync(new(IPAddress.Parse("203.0.113.2"), 80));
        var spoke = await BootAsync("siena", SpokeKind.Tools);
        (await spoke.PasteAsync((await site.Api.CreateTokenAsync("siena", "all", Cancel)).Line, Cancel)).OrThrow();
        const string Connect = "timeout 5 bash -c '</dev/tcp/203.0.113.2/80'";

        var refused = await spoke.PasteAsync(Connect, Cancel);
        await site.Api.PutAsync("/api/policy", Rules("hub", "internet"), Cancel);
        (await spoke.PasteAsync(Connect, Cancel)).OrThrow();
        using var accepted = await server.AcceptAsync(Cancel);
        await site.Api.PutAsync("/api/policy", Rules("hub"), Cancel);

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Equal("203.0.113.1", $"{((IPEndPoint)accepted.RemoteEndPoint!).Address}");

        static JsonObject Rules(params string[] targets) =>
            new() { ["rules"] = new JsonArray([.. targets.Select(to => new JsonObject { ["from"] = "anybody", ["to"] = to })]) };
    }

    private async Task<LabSpoke> BootAsync(string name, SpokeKind kind)
    {
        // To a machine, these are behind its router.
        foreach (var address in new[] { $"{Far}/32 dev lo", $"{Far6}/128 dev lo nodad", "fd77::1/64 dev lab0 nodad" })
        {
            await site.Net.RunAsync(["ip", "address", "replace", .. address.Split(' ')], Cancel);
        }

        var spoke = await site.Net.BootAsync(name, kind, Cancel);
        await AddIpv6Async(spoke);
        return spoke;
    }

    private static async Task AddIpv6Async(LabSpoke spoke)
    {
        await spoke.IpAsync($"address add {Address6Of(spoke)}/64 dev eth0 nodad", Cancel);
        await spoke.IpAsync("-6 route add default via fd77::1", Cancel);
    }

    private static IPAddress Address6Of(LabSpoke spoke) => IPAddress.Parse($"fd77::{spoke.Address.Split('.')[^1]}");

    /// <summary>How many echo requests by IPv6 have reached the hub's machine.</summary>
    private async Task<string> EchoesAsync() =>
        (await site.Net.RunAsync(["cat", "/proc/net/snmp6"], Cancel)).OrThrow().Split('\n')
            .Single(line => line.StartsWith("Icmp6InEchos ", StringComparison.Ordinal));

    private async Task<Session> SessionAsync(Socket server, IPEndPoint endpoint, string from)
    {
        var accepted = server.AcceptAsync(Cancel).AsTask();
        var session = new Session(await site.Net.HubNetwork.ConnectAsync(endpoint, IPAddress.Parse(from)), new NetworkStream(await accepted, ownsSocket: true));
        await session.EchoesAsync();
        return session;
    }

    /// <summary>As ssh: both sides speak, and neither is asked first.</summary>
    private sealed class Session(Stream client, Stream server) : IAsyncDisposable
    {
        private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

        public async Task EchoesAsync()
        {
            await SendAsync(server, client);
            await SendAsync(client, server);
        }

        public async ValueTask DisposeAsync()
        {
            await client.DisposeAsync();
            await server.DisposeAsync();
        }

        private static async Task SendAsync(Stream from, Stream to)
        {
            await from.WriteAsync("x"u8.ToArray(), Cancel);
            await to.ReadExactlyAsync(new byte[1], Cancel).AsTask().WaitAsync(Limit, Cancel);
        }
    }
}
