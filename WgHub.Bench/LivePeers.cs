using System.Net.Sockets;
using System.Text;

namespace WgHub.Bench;

/// <summary>
/// Looks at the interface as fast as it can, through the socket of wireguard-go, for a peer that was live and is not any more though
/// nobody removed it: to its owner that is a tunnel cut until the next handshake.
/// </summary>
internal sealed class LivePeers(string interfaceName)
{
    private readonly UnixDomainSocketEndPoint _socket = new($"/run/wireguard/{interfaceName}.sock");
    private readonly HashSet<string> _seen = [];

    public int Looks { get; private set; }

    /// <summary>Looks that missed a peer which an earlier one saw.</summary>
    public int Dips { get; private set; }

    public async Task WatchAsync(Func<bool> isOver)
    {
        while (!isOver())
        {
            var live = await ReadAsync();
            Looks++;
            if (!_seen.IsSubsetOf(live))
            {
                Dips++;
            }

            _seen.UnionWith(live);
        }
    }

    /// <summary>The keys on the interface, hexadecimal.</summary>
    private async Task<HashSet<string>> ReadAsync()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(_socket);
        using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes("get=1\n\n"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        HashSet<string> keys = [];
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            if (line.StartsWith("public_key=", StringComparison.Ordinal))
            {
                keys.Add(line);
            }
        }

        return keys;
    }
}
