using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>A network of its own, and whatever runs in it. It can be disposed at any stage, so its owner holds it before it is created.</summary>
internal sealed class NetNamespace(string name) : IAsyncDisposable
{
    private const int CloneNewNet = 0x40000000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public string Name => name;

    public string FilePath => $"/run/netns/{name}";

    public async Task CreateAsync(CancellationToken cancel)
    {
        (await Shell.RunAsync(["ip", "netns", "add", name], cancel)).OrThrow();
        await IpAsync("link set lo up", cancel);
    }

    /// <summary>Instead of a new one, that of a process.</summary>
    public async Task AttachAsync(int processId, CancellationToken cancel) =>
        (await Shell.RunAsync(["ip", "netns", "attach", name, $"{processId}"], cancel)).OrThrow();

    /// <summary>ip(8) in here; its arguments are separated by spaces.</summary>
    public async Task IpAsync(string arguments, CancellationToken cancel) =>
        (await Shell.RunAsync(["ip", "-n", name, .. arguments.Split(' ')], cancel)).OrThrow();

    /// <summary>A switch that this network is on, too, with that address.</summary>
    /// <remarks>
    /// With a hardware address of its own: a bridge without one takes the lowest of its ports', so that it changes when a machine is switched off or
    /// on, and whoever knows the old one reaches nothing for some ten seconds. And with a cable plugged in for good: without one, such a bridge has no
    /// carrier.
    /// </remarks>
    public async Task AddSwitchAsync(string link, string address, CancellationToken cancel)
    {
        await IpAsync($"link add {link} address 02:00:00:00:00:01 type bridge", cancel);
        await IpAsync($"address add {address} dev {link}", cancel);
        await IpAsync($"link set {link} up", cancel);
        await IpAsync($"link add {link}-plug type veth peer name {link}-wall", cancel);
        await IpAsync($"link set {link}-wall up", cancel);
        await IpAsync($"link set {link}-plug master {link} up", cancel);
    }

    /// <summary>The command line that runs a program in here. Unlike <c>ip netns exec</c> it leaves /sys as it is.</summary>
    public string[] Enter(params string[] command) => ["nsenter", $"--net={FilePath}", "--", .. command];

    /// <summary>A connection out of here, for a caller who stays outside.</summary>
    /// <param name="from">An address of here; null for the one that the route has.</param>
    public Task<Stream> ConnectAsync(IPEndPoint endpoint, IPAddress? from = null) => InsideAsync<Stream>(() =>
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (from is not null)
        {
            socket.Bind(new IPEndPoint(from, 0));
        }

        socket.Connect(endpoint);
        return new NetworkStream(socket, ownsSocket: true);
    });

    /// <summary>A server's socket in here, for a caller who stays outside.</summary>
    public Task<Socket> ListenAsync(IPEndPoint endpoint) => InsideAsync(() =>
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (endpoint.AddressFamily == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = true;
        }

        socket.Bind(endpoint);
        socket.Listen();
        return socket;
    });

    /// <summary>Kills what is left in here, a daemon that a test has started for instance, and takes the network away.</summary>
    public async ValueTask DisposeAsync()
    {
        await Eventually.TrueAsync(KillAllAsync, Limit, CancellationToken.None);
        await Shell.RunAsync(["ip", "netns", "delete", name], CancellationToken.None);
    }

    /// <returns>True when there was nothing left to kill.</returns>
    private async Task<bool> KillAllAsync()
    {
        var listed = await Shell.RunAsync(["ip", "netns", "pids", name], CancellationToken.None);
        var processes = listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var processId in processes)
        {
            Shell.Kill(int.Parse(processId));
        }

        return processes.Length == 0;
    }

    /// <summary>A socket belongs to the network of the thread that makes it.</summary>
    private Task<T> InsideAsync<T>(Func<T> open)
    {
        var opened = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);

        // A thread of its own, that ends with the call: one of the pool's would carry the namespace on to other tests.
        new Thread(() =>
        {
            try
            {
                GoInside();
                opened.SetResult(open());
            }
            catch (IOException error)
            {
                opened.SetException(error);
            }
            catch (SocketException error)
            {
                opened.SetException(error);
            }
        })
        { IsBackground = true }.Start();
        return opened.Task;
    }

    private void GoInside()
    {
        using var file = File.OpenHandle(FilePath);
        if (SetNamespace(file, CloneNewNet) != 0)
        {
            throw new IOException($"setns {name}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(SafeFileHandle file, int kind);
}
