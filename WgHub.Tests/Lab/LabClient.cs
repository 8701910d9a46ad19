using System.Security.Cryptography;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>A machine with a tunnel and nothing else: a network of its own, cabled to the hub's. Boots in no time.</summary>
internal sealed class LabClient : IAsyncDisposable
{
    private readonly LabNet _net;
    private readonly NetNamespace _network;
    private readonly int _number;

    // wireguard-go's socket belongs to no network: each client's has a name of its own.
    private readonly string _interface = $"wgc{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    private LabClient(LabNet net, int number) => (_net, _number, _network) = (net, number, new($"{net.Prefix}-c{number}"));

    public static async Task<LabClient> PlugInAsync(LabNet net, int number, CancellationToken cancel)
    {
        var client = new LabClient(net, number);
        await client._network.CreateAsync(cancel);
        await net.PlugInAsync(client._network, number, cancel);
        return client;
    }

    /// <param name="conf">As wg(8) reads it, without what wg-quick adds.</param>
    public async Task ConnectAsync(string address, string conf, CancellationToken cancel)
    {
        (await Shell.RunAsync(_network.Enter("wireguard-go", _interface), cancel)).OrThrow();
        (await Shell.RunAsync(_network.Enter("wg", "setconf", _interface, "/dev/stdin"), conf, cancel)).OrThrow();
        await _network.IpAsync($"address add {address} dev {_interface}", cancel);
        await _network.IpAsync($"link set {_interface} up", cancel);
    }

    /// <summary>Twenty echoes a second, until it is stopped.</summary>
    public ContinuousPing StartPing(string address) =>
        new(_network.Enter("ping", "-n", "-i", "0.05", "-I", _interface, address), Path.Combine(_net.Home.FullName, $"{_interface}.ping"));

    public async ValueTask DisposeAsync()
    {
        await _net.UnplugAsync(_number);
        await _network.DisposeAsync();
    }
}
