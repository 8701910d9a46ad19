using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>A switch in the hub's network namespace, with spokes cabled to it. Disposing it leaves nothing behind.</summary>
internal sealed class LabNet : IAsyncDisposable
{
    public const string ServerAddress = "10.77.0.1";

    // wireguard-go's socket is a path and belongs to no network namespace: two hubs with a wg0 would meet there.
    // The folders stay, so that a hub that starts again finds what the one before has left.
    private const string OwnFolders = """mount --bind "$1" /run/wireguard && mount --bind "$2" /etc/wireguard && shift 2 && exec "$@" """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentStack<IAsyncDisposable> _owned = new();
    private int _spokes;

    private LabNet()
    {
        LabLimits.Raise();
        HubNetwork = new NetNamespace($"{Prefix}-hub");
        foreach (var folder in (string[])["/run/wireguard", "/etc/wireguard", RunFolder, ConfigFolder])
        {
            Directory.CreateDirectory(folder);
        }
    }

    /// <summary>Begins the name of everything that this machine sees of the lab.</summary>
    /// <remarks>The process id tells whose it is; in a process namespace it alone would not be unique.</remarks>
    public string Prefix { get; } = $"wgl{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}";

    /// <summary>Where the hub runs.</summary>
    public NetNamespace HubNetwork { get; }

    /// <summary>Disks, data and logs; gone with the lab.</summary>
    public DirectoryInfo Home { get; } = Directory.CreateTempSubdirectory("wghub-lab-");

    /// <summary>What is /etc/wireguard to the hub.</summary>
    public string ConfigFolder => Path.Combine(Home.FullName, "hub-etc");

    /// <summary>What is /run/wireguard to the hub: wireguard-go's sockets.</summary>
    public string RunFolder => Path.Combine(Home.FullName, "hub-run");

    public static string AddressOf(int spoke) => $"10.77.0.{10 + spoke}";

    public static async Task<LabNet> CreateAsync(CancellationToken cancel)
    {
        var lab = new LabNet();
        try
        {
            await lab.HubNetwork.CreateAsync(cancel);
            await lab.HubNetwork.AddSwitchAsync("lab0", $"{ServerAddress}/24", cancel);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Boots a new spoke; several may be booted at once.</summary>
    public Task<LabSpoke> BootAsync(string name, SpokeKind kind, CancellationToken cancel) => BootAsync(name, kind, ContainerKind.Machine, cancel);

    public async Task<LabSpoke> BootAsync(string name, SpokeKind kind, ContainerKind container, CancellationToken cancel)
    {
        var spoke = new LabSpoke(this, Interlocked.Increment(ref _spokes), name, container);
        _owned.Push(spoke);
        await spoke.InstallAsync(await Rootfs.FindAsync(kind, cancel), cancel);
        await spoke.PowerOnAsync(cancel);
        return spoke;
    }

    /// <summary>Starts a hub with settings like <c>Limits__TokensPerHourPerIp</c>; returns when it is ready.</summary>
    public async Task<LabHub> StartHubAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancel)
    {
        var hub = new LabHub(this, settings);
        _owned.Push(hub);
        await hub.StartAsync(cancel);
        return hub;
    }

    /// <summary>Runs a program where the hub runs: its network, its /run/wireguard and /etc/wireguard.</summary>
    public Task<ShellResult> RunAsync(string[] command, CancellationToken cancel) => Shell.RunAsync(EnterHub(command), cancel);

    /// <summary>A client that speaks from within the hub's network.</summary>
    /// <param name="token">Of the API; null for a caller without one.</param>
    /// <param name="certificate">The SHA-256 of the certificate that a hub made itself, in hexadecimal; null for plain http.</param>
    public HttpClient CreateClient(Uri hub, string? token, string? certificate = null)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString(HashAlgorithmName.SHA256) == certificate },
            ConnectCallback = async (context, _) =>
                await HubNetwork.ConnectAsync(new IPEndPoint(IPAddress.Parse(context.DnsEndPoint.Host), context.DnsEndPoint.Port)),
        };
        var client = new HttpClient(handler) { BaseAddress = hub, Timeout = Limit };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    internal string[] EnterHub(params string[] command) =>
        HubNetwork.Enter(["unshare", "--mount", "--", "sh", "-c", OwnFolders, "sh", RunFolder, ConfigFolder, .. command]);

    /// <summary>A cable from the switch to another network, whose end is called eth0.</summary>
    /// <remarks>
    /// Its hardware address stays with the machine: with another after each boot, whoever learned the one before within the last second keeps that,
    /// and sends to nobody for some eight.
    /// </remarks>
    internal async Task PlugInAsync(NetNamespace network, int spoke, CancellationToken cancel)
    {
        var hardware = $"02:00:00:01:{spoke / 256:x2}:{spoke % 256:x2}";
        await HubNetwork.IpAsync($"link add port{spoke} type veth peer name eth0 address {hardware} netns {network.Name}", cancel);
        await HubNetwork.IpAsync($"link set port{spoke} master lab0 up", cancel);
        await network.IpAsync($"address add {AddressOf(spoke)}/24 dev eth0", cancel);
        await network.IpAsync("link set eth0 up", cancel);
        await network.IpAsync($"route add default via {ServerAddress}", cancel);
    }

    /// <summary>Deleting the far network would take the cable away too, but some time later.</summary>
    internal Task UnplugAsync(int spoke) =>
        Shell.RunAsync(["ip", "-n", HubNetwork.Name, "link", "delete", $"port{spoke}"], CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_owned.Select(one => one.DisposeAsync().AsTask()));
        await HubNetwork.DisposeAsync();
        Home.Delete(recursive: true);
    }
}
