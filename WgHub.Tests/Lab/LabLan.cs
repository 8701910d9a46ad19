using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>A LAN with one host in it, which some spokes have a second cable to. The host knows no way out of it.</summary>
internal sealed class LabLan(LabNet net) : IAsyncDisposable
{
    public const string Network = "10.66.0.0/24";
    public const string Host = "10.66.0.9";

    private readonly NetNamespace _network = new($"{net.Prefix}-lan");

    public async Task CreateAsync(CancellationToken cancel)
    {
        await _network.CreateAsync(cancel);
        await _network.AddSwitchAsync("lan0", $"{Host}/24", cancel);
    }

    /// <summary>Again after each boot of the spoke.</summary>
    public async Task PlugInAsync(LabSpoke spoke, string address, CancellationToken cancel)
    {
        await Shell.RunAsync(["ip", "-n", _network.Name, "link", "delete", spoke.Name], CancellationToken.None);
        await _network.IpAsync($"link add {spoke.Name} type veth peer name lan1 netns {spoke.NetworkName}", cancel);
        await _network.IpAsync($"link set {spoke.Name} master lan0 up", cancel);
        (await spoke.PasteAsync($"ip address add {address}/24 dev lan1 && ip link set lan1 up", cancel)).OrThrow();
    }

    public Task IpAsync(string arguments, CancellationToken cancel) => _network.IpAsync(arguments, cancel);

    public ValueTask DisposeAsync() => _network.DisposeAsync();
}
