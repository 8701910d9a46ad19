using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace WgHub.Lab;

/// <summary>Asks wireguard-go again and again whether all who stay are there: a peer that was gone for a moment was a tunnel cut for a moment.</summary>
/// <remarks>Its socket speaks the protocol of https://www.wireguard.com/xplatform/.</remarks>
internal sealed class LivePeerWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(3);

    private readonly string _socket;
    private readonly IReadOnlyDictionary<string, byte> _staying;
    private readonly HashSet<string> _missed = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _work;

    /// <param name="staying">Keys of peers that were promised to be live and that nobody has asked to remove. It may grow and shrink.</param>
    public LivePeerWatch(string socket, ConcurrentDictionary<string, byte> staying)
    {
        (_socket, _staying) = (socket, staying);
        _work = Task.Run(WatchAsync);
    }

    /// <summary>How often it has asked.</summary>
    public int Looks { get; private set; }

    /// <returns>The keys that were missing, once or more often.</returns>
    public async Task<IReadOnlyCollection<string>> StopAsync()
    {
        await _end.CancelAsync();
        await _work;
        return _missed;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        for (; !_end.IsCancellationRequested; Looks++)
        {
            string[] promised = [.. _staying.Keys];
            var live = await ReadPeersAsync();
            _missed.UnionWith(promised.Where(key => !live.Contains(key) && _staying.ContainsKey(key)));
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task<HashSet<string>> ReadPeersAsync()
    {
        const string KeyLine = "public_key=";
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket));
        await socket.SendAsync("get=1\n\n"u8.ToArray());
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        HashSet<string> keys = [];

        // An empty line ends the answer, not the connection.
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            if (line.StartsWith(KeyLine, StringComparison.Ordinal))
            {
                keys.Add(Convert.ToBase64String(Convert.FromHexString(line[KeyLine.Length..])));
            }
        }

        return keys;
    }
}
