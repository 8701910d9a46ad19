using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WgHub.Features.Names;

/// <summary>Asks a DNS server on this machine one question over UDP (RFC 1035, 4.1), and reads the addresses of its answer.</summary>
internal static class DnsQuestion
{
    private const ushort A = 1, Aaaa = 28;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <returns>Addresses of both families, by comma; empty when the server knows none, null when it does not answer.</returns>
    public static async Task<string?> AskAsync(int port, string name, CancellationToken cancel)
    {
        var (four, six) = (await AskAsync(port, name, A, cancel), await AskAsync(port, name, Aaaa, cancel));
        return four is null || six is null ? null : string.Join(',', four.Concat(six));
    }

    private static async Task<List<IPAddress>?> AskAsync(int port, string name, ushort type, CancellationToken cancel)
    {
        using var socket = new UdpClient();
        socket.Connect(IPAddress.Loopback, port);
        byte[] labels = [.. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];
        await socket.SendAsync((byte[])[0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. labels, 0, (byte)type, 0, 1], cancel);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Limit);
        try
        {
            return Read((await socket.ReceiveAsync(patience.Token)).Buffer, 12 + labels.Length + 4, type);
        }
        catch (Exception exception) when (exception is SocketException || (exception is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    private static List<IPAddress> Read(byte[] answer, int place, ushort type)
    {
        List<IPAddress> found = [];
        for (var left = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(6)); left > 0; left--)
        {
            while (answer[place] is > 0 and < 0xC0)
            {
                place += answer[place] + 1;
            }

            place += answer[place] >= 0xC0 ? 2 : 1; // a name ends with a pointer to one before, or with nothing
            var (kind, length) = (BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(place)), BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(place + 8)));
            place += 10;
            if (kind == type)
            {
                found.Add(new(answer.AsSpan(place, length)));
            }

            place += length;
        }

        return found;
    }
}
