namespace WgHub.TestKit;

/// <summary>A key pair of wg(8)'s making.</summary>
internal sealed record WgKey(string Private, string Public)
{
    public static async Task<WgKey> NewAsync()
    {
        var secret = (await Wg.RunAsync("wg genkey")).Trim();
        return new(secret, (await Shell.RunAsync(["wg", "pubkey"], secret, TestContext.Current.CancellationToken)).OrThrow().Trim());
    }
}

/// <summary>A spoke's own interface, beside the hub's on the same machine: it shakes hands for real, and nothing is routed through it.</summary>
internal sealed class SpokeTunnel : IAsyncDisposable
{
    private static int _count;

    private readonly string _name = $"wgs{Interlocked.Increment(ref _count)}";
    private readonly TestHub _hub;
    private string _hubKey = "";

    private SpokeTunnel(TestHub hub) => _hub = hub;

    public static async Task<SpokeTunnel> OpenAsync(TestHub hub, WgKey key, string presharedKey)
    {
        var tunnel = new SpokeTunnel(hub) { _hubKey = (await Wg.RunAsync($"wg show {hub.Interface} public-key")).Trim() };
        await Wg.RunAsync($"wireguard-go {tunnel._name}");
        await Wg.RunAsync($"ip link set {tunnel._name} up");
        await tunnel.UseAsync(key, presharedKey);
        return tunnel;
    }

    /// <summary>Comes with this key from now on; a keepalive that is newly switched on shakes hands at once.</summary>
    public async Task UseAsync(WgKey key, string presharedKey)
    {
        var (privateFile, presharedFile) = (await FileAsync("key", key.Private), await FileAsync("psk", presharedKey));
        await Wg.RunAsync(
            $"wg set {_name} private-key {privateFile} peer {_hubKey} preshared-key {presharedFile} endpoint 127.0.0.1:{_hub.Port} persistent-keepalive 0");
        await Wg.RunAsync($"wg set {_name} peer {_hubKey} persistent-keepalive 1");
    }

    /// <summary>From now on it sends nothing by itself: only the other end can make a new handshake.</summary>
    public Task FallSilentAsync() => Wg.RunAsync($"wg set {_name} peer {_hubKey} persistent-keepalive 0");

    public async ValueTask DisposeAsync() => await Wg.RunAsync($"ip link delete {_name}");

    private async Task<string> FileAsync(string kind, string text)
    {
        var file = Path.Combine(_hub.Folder.FullName, $"{_name}.{kind}");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        return file;
    }
}
