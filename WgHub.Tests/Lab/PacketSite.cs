using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>
/// A hub with three spokes, a LAN host and a host on the internet, each a network of its own: what is asked of them are real packets. The
/// LAN's and the internet's host know no way to the spokes: an answer comes only to the hub's own address.
/// </summary>
public sealed class PacketSite : IAsyncLifetime
{
    internal const string LanHost = "192.168.50.2", InternetHost = "203.0.113.2", InternetHost6 = "2001:db8:113::2";
    internal const int Port = 4500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, NetNamespace> _networks = [];
    private readonly List<Socket> _servers = [];
    private LabNet? _net;
    private LabHub? _hub;
    private LabApi? _api;

    internal LabNet Net => _net!;

    internal LabHub Hub => _hub!;

    internal LabApi Api => _api!;

    /// <summary>Ids of the spokes by name.</summary>
    internal Dictionary<string, string> Ids { get; } = [];

    /// <summary>The addresses of the spokes by name, and of the others.</summary>
    internal Dictionary<string, (string V4, string V6)> Addresses { get; } = [];

    internal NetNamespace Network(string name) => _networks[name];

    public async ValueTask InitializeAsync()
    {
        _net = await LabNet.CreateAsync(Cancel);
        await BesideAsync("lan", "192.168.50", "fd50:0:0:50:");
        await BesideAsync("web", "203.0.113", "2001:db8:113:");
        await Net.HubNetwork.IpAsync($"route add default via {InternetHost}", Cancel);
        await Net.HubNetwork.IpAsync($"-6 route add default via {InternetHost6}", Cancel);

        // As Docker and routers leave a machine.
        (await Net.RunAsync(["sysctl", "-qw", "net.ipv4.conf.all.forwarding=1", "net.ipv6.conf.all.forwarding=1"], Cancel)).OrThrow();
        _hub = await Net.StartHubAsync(new LabSite().Settings, Cancel);
        _api = await Hub.SignInAsync("admin", Cancel);
        await Api.PostAsync(
            "/api/hub/initialize",
            new()
            {
                ["networkCIDR"] = "10.8.0.0/24",
                ["networkCIDRv6"] = "fd08::/64",
                ["publicEndpoint"] = LabNet.ServerAddress,
                ["presharedKeys"] = false,
            },
            Cancel);
        Addresses["hub"] = ("10.8.0.1", "fd08::a08:1");
        Addresses["lan"] = (LanHost, "fd50:0:0:50::2");
        Addresses["web"] = (InternetHost, InternetHost6);
        await ConnectAsync("a", "staff", 1);
        await ConnectAsync("b", "staff", 2);
        await ConnectAsync("c", "servers", 3);
        await ListenAsync(Net.HubNetwork);
        await ListenAsync(_networks["lan"]);
        await ListenAsync(_networks["web"]);
    }

    public async ValueTask DisposeAsync()
    {
        _servers.ForEach(server => server.Dispose());
        _api?.Dispose();
        foreach (var network in _networks.Values)
        {
            await network.DisposeAsync();
        }

        if (_net is not null)
        {
            await _net.DisposeAsync();
        }
    }

    /// <summary>Puts rules in place of all there are.</summary>
    /// <param name="rules">Such as <c>group:staff → hub tcp 443</c>.</param>
    internal async Task AllowAsync(params string[] rules)
    {
        var list = new JsonArray();
        foreach (var rule in rules)
        {
            var parts = rule.Split(' ');
            list.Add(new JsonObject
            {
                ["from"] = parts[0],
                ["to"] = parts[2],
                ["protocol"] = parts.ElementAtOrDefault(3) ?? "any",
                ["ports"] = parts.ElementAtOrDefault(4) ?? "",
            });
        }

        await Api.PutAsync("/api/policy", new() { ["rules"] = list }, Cancel);
    }

    /// <summary>What becomes of a TCP connection: <c>open</c>, <c>refused</c> at once, or <c>silent</c>.</summary>
    internal async Task<string> TcpAsync(string from, string address, int port = Port)
    {
        try
        {
            await using var stream = await _networks[from].ConnectAsync(new(IPAddress.Parse(address), port)).WaitAsync(Patience, Cancel);
            return "open";
        }
        catch (SocketException)
        {
            return "refused";
        }
        catch (TimeoutException)
        {
            return "silent";
        }
    }

    /// <summary>A connection that answers each byte with the same.</summary>
    internal Task<Stream> OpenAsync(string from, string address) => _networks[from].ConnectAsync(new(IPAddress.Parse(address), Port));

    /// <param name="to">A name of <see cref="Addresses"/>.</param>
    internal async Task<bool> PingsAsync(string from, string to) =>
        (await Shell.RunAsync(_networks[from].Enter("ping", "-n", "-c", "2", "-i", "0.1", "-W", "1", Addresses[to].V4), Cancel)).ExitCode == 0;

    /// <summary>The same in both families, or both are told.</summary>
    internal async Task<string> OfAsync(string from, string to, bool isOf6Too = true)
    {
        var (v4, v6) = Addresses[to];
        var (first, second) = (await TcpAsync(from, v4), isOf6Too ? await TcpAsync(from, v6) : null);
        return $"{from}→{to} {first}{(second is null || second == first ? "" : $", {second} by IPv6")}";
    }

    internal async Task NftAsync(string script) => (await Shell.RunAsync(Net.EnterHub("nft", "-f", "-"), script, Cancel)).OrThrow();

    internal ContinuousPing StartPing(string from, string address, string name) =>
        new(_networks[from].Enter("ping", "-n", "-i", "0.02", address), Path.Combine(Net.Home.FullName, $"{name}.ping"));

    /// <summary>The sender that a host sees last of the connections to it. It takes one a moment after the other end has it.</summary>
    internal async Task SawAsync(string host, string sender) =>
        Assert.True(
            await Eventually.TrueAsync(() => _seen.GetValueOrDefault(host) == sender, Patience, Cancel), $"{host} saw {_seen.GetValueOrDefault(host)}.");

    private readonly Dictionary<string, string> _seen = [];

    internal async Task ConnectAsync(string name, string group, int number)
    {
        var network = await NetworkAsync(name);
        await Net.PlugInAsync(network, number, Cancel);
        var key = await WgKey.NewAsync();
        var token = (await Api.PostAsync("/api/installation/token", new() { ["spokeName"] = name, ["group"] = group }, Cancel)).GetProperty("token");
        var answer = await Api.PostAsync(
            "/api/spoke/register", new() { ["token"] = token.GetProperty("token").GetString(), ["publicKey"] = key.Public, ["os"] = "linux" }, Cancel);
        var spoke = answer.GetProperty("spoke");
        var addresses = spoke.GetProperty("allowedIPs").EnumerateArray().Select(one => one.GetString()!).ToList();
        Ids[name] = spoke.GetProperty("id").GetString()!;
        Addresses[name] = (addresses[0].Split('/')[0], addresses[1].Split('/')[0]);
        var link = $"{Net.Prefix[^4..]}{name}";
        var keyFile = Path.Combine(Net.Home.FullName, $"{name}.key");
        await File.WriteAllTextAsync(keyFile, key.Private, Cancel);
        await InAsync(network, $"wireguard-go {link}");
        await InAsync(
            network,
            $"wg set {link} private-key {keyFile} peer {answer.GetProperty("hub").GetProperty("publicKey").GetString()} endpoint {LabNet.ServerAddress}:51820 "
            + "allowed-ips 0.0.0.0/0,::/0 persistent-keepalive 1");
        await network.IpAsync($"address add {addresses[0]} dev {link}", Cancel);
        await network.IpAsync($"address add {addresses[1]} dev {link}", Cancel);
        await network.IpAsync($"link set {link} mtu 1420 up", Cancel);
        string[] beyond = ["10.8.0.0/24", "192.168.50.0/24", "203.0.113.0/24", "192.168.60.0/24", "fd08::/64", "fd50:0:0:50::/64", "2001:db8:113::/64"];
        foreach (var to in beyond)
        {
            await network.IpAsync($"{(to.Contains(':') ? "-6 " : "")}route add {to} dev {link}", Cancel);
        }

        await ListenAsync(network);
    }

    /// <summary>A host on another cable of the hub's machine.</summary>
    private async Task BesideAsync(string name, string prefix4, string prefix6)
    {
        var network = await NetworkAsync(name);
        await Net.HubNetwork.IpAsync($"link add {name}0 type veth peer name eth0 netns {network.Name}", Cancel);
        await Net.HubNetwork.IpAsync($"address add {prefix4}.1/24 dev {name}0", Cancel);
        await Net.HubNetwork.IpAsync($"address add {prefix6}:1/64 dev {name}0 nodad", Cancel);
        await Net.HubNetwork.IpAsync($"link set {name}0 up", Cancel);
        await network.IpAsync($"address add {prefix4}.2/24 dev eth0", Cancel);
        await network.IpAsync($"address add {prefix6}:2/64 dev eth0 nodad", Cancel);
        await network.IpAsync("link set eth0 up", Cancel);
    }

    private async Task<NetNamespace> NetworkAsync(string name)
    {
        var network = _networks[name] = new NetNamespace($"{Net.Prefix}-{name}");
        await network.CreateAsync(Cancel);
        return network;
    }

    private async Task ListenAsync(NetNamespace network, int port = Port)
    {
        var server = await network.ListenAsync(new(IPAddress.IPv6Any, port));
        _servers.Add(server);
        _ = AnswerAsync(server, network.Name.Split('-')[^1]);
    }

    private async Task AnswerAsync(Socket server, string host)
    {
        try
        {
            while (true)
            {
                var socket = await server.AcceptAsync(CancellationToken.None);
                _seen[host] = $"{((IPEndPoint)socket.RemoteEndPoint!).Address.MapToIPv4OrSame()}";
                _ = EchoAsync(socket);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The site is gone.
        }
    }

    private static async Task EchoAsync(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await stream.CopyToAsync(stream);
        }
        catch (IOException)
        {
            // The other end is gone.
        }
    }

    private static async Task InAsync(NetNamespace network, string command) =>
        (await Shell.RunAsync(network.Enter(command.Split(' ')), Cancel)).OrThrow();
}

internal static class Senders
{
    public static IPAddress MapToIPv4OrSame(this IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
