using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>A hub that is set up, in a network of its own: what the scenarios of one class share.</summary>
public class LabSite : IAsyncLifetime
{
    /// <summary>The hub's address within the tunnels.</summary>
    internal const string HubTunnelAddress = "10.8.0.1";

    private LabNet? _net;
    private LabHub? _hub;
    private LabApi? _api;

    internal LabNet Net => _net!;

    internal LabHub Hub => _hub!;

    internal LabApi Api => _api!;

    /// <summary>All spokes of a lab are one address for the limits, or make a hundred tokens a minute.</summary>
    internal virtual Dictionary<string, string> Settings => new()
    {
        ["Limits__TokensPerHourPerIp"] = "0",
        ["Limits__RegistrationsPerMinutePerIp"] = "0",
        ["Limits__ScriptsPerMinutePerIp"] = "0",
    };

    public virtual async ValueTask InitializeAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        _net = await LabNet.CreateAsync(cancel);
        _hub = await _net.StartHubAsync(Settings, cancel);
        _api = await _hub.SignInAsync("admin", cancel);
        await _api.InitializeAsync(LabNet.ServerAddress, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        if (_net is not null)
        {
            await _net.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>A new machine that has WireGuard and has pasted its line: its tunnel is up.</summary>
    internal async Task<LabSpoke> ConnectAsync(string name, CancellationToken cancel)
    {
        var spoke = await Net.BootAsync(name, SpokeKind.Tools, cancel);
        var token = await Api.CreateTokenAsync(name, cancel);
        (await spoke.PasteAsync(token.Line, cancel)).OrThrow();
        return spoke;
    }

    /// <summary>The peers that the interface holds now, each with its address.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> LivePeersAsync(CancellationToken cancel) =>
        (await Net.RunAsync(["wg", "show", "wg0", "allowed-ips"], cancel)).OrThrow()
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('\t'))
        .ToDictionary(columns => columns[0], columns => columns[1]);

    /// <summary>True once the interface holds exactly the spokes that the hub lists.</summary>
    internal Task<bool> MirrorsItsListAsync(TimeSpan limit, CancellationToken cancel) => Eventually.TrueAsync(
        async () =>
        {
            var listed = (await Api.ListSpokesAsync(cancel)).Select(spoke => KeyValuePair.Create(spoke.PublicKey, spoke.Address));
            return listed.ToHashSet().SetEquals(await LivePeersAsync(cancel));
        },
        limit,
        cancel);
}
