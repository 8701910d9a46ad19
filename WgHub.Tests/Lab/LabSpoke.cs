using System.Globalization;
using System.Net;
using System.Net.Sockets;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>A Debian machine, with a real systemd as a rule, cabled to the hub's network. Made by <see cref="LabNet"/>.</summary>
internal sealed class LabSpoke : IAsyncDisposable
{
    private readonly LabNet _net;
    private readonly int _number;
    private readonly ContainerKind _container;
    private readonly LabDisk _disk;
    private NetNamespace? _network;
    private Nspawn? _machine;

    internal LabSpoke(LabNet net, int number, string name, ContainerKind container)
    {
        (_net, _number, Name, _container) = (net, number, name, container);
        _disk = new LabDisk(Path.Combine(net.Home.FullName, name));
    }

    public string Name { get; }

    public string Address => LabNet.AddressOf(_number);

    /// <summary>For a second cable.</summary>
    public string NetworkName => Network.Name;

    /// <summary>A new disk, with <paramref name="rootfs"/> on it.</summary>
    internal async Task InstallAsync(string rootfs, CancellationToken cancel)
    {
        await _disk.MountAsync(rootfs, cancel);
        // sudo asks who this machine is.
        await File.WriteAllTextAsync(Path.Combine(_disk.Root, "etc/hosts"), $"127.0.0.1 localhost\n127.0.1.1 {Name}\n", cancel);
    }

    /// <summary>Boots from the disk as it is; returns when systemd says that all is up.</summary>
    public async Task PowerOnAsync(CancellationToken cancel)
    {
        _network = new NetNamespace($"{_net.Prefix}-{_number}");
        if (_container == ContainerKind.Unprivileged)
        {
            await BootAsync(cancel);
            await _network.AttachAsync(Machine.Leader, cancel);
            await _net.PlugInAsync(_network, _number, cancel);
        }
        else
        {
            await _network.CreateAsync(cancel);
            await _net.PlugInAsync(_network, _number, cancel);
            await BootAsync(cancel);
        }
    }

    /// <summary>Shuts down in order. Interfaces are gone afterwards, as on a real machine; the disk stays.</summary>
    public async Task PowerOffAsync(CancellationToken cancel)
    {
        await Machine.PowerOffAsync(cancel);
        await SwitchOffAsync();
    }

    /// <summary>Runs a program as root.</summary>
    public Task<ShellResult> RunAsync(string[] command, CancellationToken cancel) => Shell.RunAsync(Machine.Enter(command), cancel);

    /// <summary>Runs a line as if someone had pasted it into root's shell. What it said is kept with the test's result.</summary>
    public async Task<ShellResult> PasteAsync(string line, CancellationToken cancel)
    {
        var start = TimeProvider.System.GetTimestamp();
        var result = await RunAsync(["sh", "-c", line], cancel);
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{Name}# {line}\n{result.Output}{result.Error}exit code {result.ExitCode} after {seconds:0.0} s");
        return result;
    }

    public async Task WriteFileAsync(string path, string text, CancellationToken cancel) =>
        (await Shell.RunAsync(Machine.Enter("sh", "-c", """umask 077; cat >"$1" """, "sh", path), text, cancel)).OrThrow();

    public async Task<string> ReadFileAsync(string path, CancellationToken cancel) => (await RunAsync(["cat", path], cancel)).OrThrow();

    /// <summary>An answer within ten seconds, through <paramref name="link"/> and no other way: the cable also leads to the hub.</summary>
    public async Task<bool> PingsAsync(string address, string link, CancellationToken cancel) =>
        (await RunAsync(["ping", "-c", "1", "-w", "10", "-I", link, address], cancel)).ExitCode == 0;

    /// <summary>Twenty echoes a second, as a rule, until it is stopped.</summary>
    public ContinuousPing StartPing(string address, string link, int everyMilliseconds = 50) => new(
        Network.Enter("ping", "-n", "-i", (everyMilliseconds / 1000d).ToString(CultureInfo.InvariantCulture), "-I", link, address),
        Path.Combine(_net.Home.FullName, $"{Name}.ping"));

    /// <summary>A server's socket on it.</summary>
    public Task<Socket> ListenAsync(IPEndPoint endpoint) => Network.ListenAsync(endpoint);

    /// <summary>ip(8) in its network, as somebody else there would: its arguments are separated by spaces.</summary>
    public Task IpAsync(string arguments, CancellationToken cancel) => Network.IpAsync(arguments, cancel);

    /// <summary>Who may use its tun device, which is a node of the machine that it runs on.</summary>
    public void SetTunMode(UnixFileMode mode) => File.SetUnixFileMode($"{_disk.Root}.tun", mode);

    /// <summary>Copies a file or folder of the machine that runs the tests.</summary>
    public async Task CopyInAsync(string from, string to, CancellationToken cancel)
    {
        var target = _disk.Root + to;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        (await Shell.RunAsync(["cp", "-a", from, target], cancel)).OrThrow();
    }

    public async ValueTask DisposeAsync()
    {
        await SwitchOffAsync();
        await _disk.DisposeAsync();
    }

    private NetNamespace Network => _network ?? throw new InvalidOperationException($"The spoke {Name} is switched off.");

    private Nspawn Machine => _machine ?? throw new InvalidOperationException($"The spoke {Name} is switched off.");

    private async Task BootAsync(CancellationToken cancel) =>
        _machine = await Nspawn.BootAsync(Name, _disk.Root, Network, _container, Path.Combine(_net.Home.FullName, $"{Name}.console"), cancel);

    private async Task SwitchOffAsync()
    {
        if (_machine is not null)
        {
            await _machine.DisposeAsync();
            _machine = null;
        }

        if (_network is not null)
        {
            await _net.UnplugAsync(_number);
            await _network.DisposeAsync();
            _network = null;
        }
    }
}
