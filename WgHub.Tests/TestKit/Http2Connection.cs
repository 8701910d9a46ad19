using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using WgHub.Features.Tls;

namespace WgHub.TestKit;

/// <summary>HTTP/2 by the frame (RFC 9113), for what no proper client would send. It keeps to the hub's window of the connection.</summary>
internal sealed class Http2Connection : IAsyncDisposable
{
    private const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, GoAway = 7, WindowUpdate = 8;
    private const byte EndStream = 1, EndHeaders = 4, Ack = 1;
    private const int LargestFrame = 16 * 1024;

    private readonly SslStream _stream;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _end = new();
    private int _window = 65_535;
    private int _next = -1;
    private Task _reading = Task.CompletedTask;

    private Http2Connection(SslStream stream) => _stream = stream;

    /// <summary>Streams that were answered, and of them those with 503.</summary>
    public int Answered { get; private set; }

    public int Refused { get; private set; }

    /// <summary>The hub has said that it takes no more, or hung up.</summary>
    public bool IsOver { get; private set; }

    /// <param name="window">How much of an answer may come that nobody has asked for, in bytes; null for the protocol's 65,535.</param>
    public static async Task<Http2Connection> OpenAsync(TestHub hub, string from, int? window = null)
    {
        var url = new Uri(hub.Url);
        var socket = await RawConnection.ConnectAsync(from, url.Host, url.Port, Cancel);
        var own = hub.Get<Certificates>().Current!.Leaf.GetCertHashString();
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), false, (_, shown, _, _) => shown?.GetCertHashString() == own);
        var options = new SslClientAuthenticationOptions { TargetHost = "", ApplicationProtocols = [SslApplicationProtocol.Http2] };
        await tls.AuthenticateAsClientAsync(options, Cancel);
        var connection = new Http2Connection(tls);
        await tls.WriteAsync(Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), Cancel);

        // No table of fields: each answer spells its status.
        await connection.SendAsync(Settings, 0, 0, [0, 1, 0, 0, 0, 0, .. window is null ? [] : new byte[] { 0, 4, 0, 0, 0, (byte)window }]);
        connection._reading = Task.Run(connection.ReadAsync, Cancel);
        return connection;
    }

    /// <summary>Begins a request.</summary>
    /// <returns>Its stream.</returns>
    public async Task<int> BeginAsync(string method, string path, bool isWhole)
    {
        var stream = Interlocked.Add(ref _next, 2);
        List<byte> block = [];
        (string, string)[] fields =
            [(":method", method), (":scheme", "https"), (":authority", "127.0.0.1"), (":path", path), ("content-type", "application/json")];
        foreach (var (name, value) in fields)
        {
            // RFC 7541, 6.2.2: a literal that is not kept, without Huffman's code.
            block.AddRange([0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)]);
        }

        await SendAsync(Headers, isWhole ? (byte)(EndHeaders | EndStream) : EndHeaders, stream, [.. block]);
        return stream;
    }

    /// <summary>Sends a part of a body.</summary>
    public async Task WriteAsync(int stream, int length)
    {
        while (length > 0 && !IsOver)
        {
            var part = Math.Min(length, LargestFrame);
            if (Volatile.Read(ref _window) < part)
            {
                await Task.Delay(5, Cancel);
                continue;
            }

            Interlocked.Add(ref _window, -part);
            await SendAsync(Data, 0, stream, new byte[part]);
            length -= part;
        }
    }

    /// <summary>Calls a request off.</summary>
    public Task ResetAsync(int stream) => SendAsync(Reset, 0, stream, [0, 0, 0, 8]);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _stream.DisposeAsync();
        await _reading;
        _sending.Dispose();
        _end.Dispose();
    }

    private async Task SendAsync(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, (payload.Length << 8) | type);
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        await _sending.WaitAsync(Cancel);
        try
        {
            await _stream.WriteAsync(frame, _end.Token);
        }
        catch (IOException)
        {
            IsOver = true;
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            var head = new byte[9];
            while (true)
            {
                await _stream.ReadExactlyAsync(head, _end.Token);
                var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >> 8];
                await _stream.ReadExactlyAsync(payload, _end.Token);
                await TakeAsync(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            IsOver = true;
        }
    }

    private async Task TakeAsync(byte type, byte flags, int stream, byte[] payload)
    {
        switch (type)
        {
            case Headers:
                Answered++;
                Refused += Encoding.Latin1.GetString(payload).Contains("503", StringComparison.Ordinal) ? 1 : 0;
                break;
            case WindowUpdate when stream == 0:
                Interlocked.Add(ref _window, BinaryPrimitives.ReadInt32BigEndian(payload));
                break;
            case Settings when flags != Ack:
                await SendAsync(Settings, Ack, 0, []);
                break;
            case GoAway:
                IsOver = true;
                break;
        }
    }
}
