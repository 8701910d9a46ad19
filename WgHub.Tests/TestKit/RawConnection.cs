using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WgHub.TestKit;

/// <summary>A TCP connection to a hub that sends what no proper client would, or not all of it.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket;

    private RawConnection(Socket socket) => _socket = socket;

    /// <param name="from">One of this machine's addresses, such as 127.0.0.2.</param>
    public static async Task<Socket> ConnectAsync(string from, string host, int port, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPAddress.Parse(host), port, cancel);
        return socket;
    }

    public static async Task<RawConnection> OpenAsync(TestHub hub, string from, string text = "")
    {
        var url = new Uri(hub.Url);
        var connection = new RawConnection(await ConnectAsync(from, url.Host, url.Port, Cancel));
        await connection.SendAsync(text);
        return connection;
    }

    public async Task SendAsync(string text) => await _socket.SendAsync(Encoding.ASCII.GetBytes(text), SocketFlags.None, Cancel);

    /// <summary>All that is said until the other side closes.</summary>
    public async Task<string> ReadToEndAsync()
    {
        await using var stream = new NetworkStream(_socket);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(Cancel);
    }

    /// <returns>True when the other side has closed the connection, or closes it within <paramref name="limit"/>, whatever it says first.</returns>
    public async Task<bool> IsClosedAsync(TimeSpan limit)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(limit);
        var buffer = new byte[4096];
        try
        {
            while (await _socket.ReceiveAsync(buffer, SocketFlags.None, patience.Token) > 0)
            {
            }

            return true;
        }
        catch (SocketException)
        {
            return true;    // reset
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose() => _socket.Dispose();
}
