using System.Net;
using System.Net.Sockets;

namespace WgHub.WireGuard;

/// <summary>Gives the interface something to send to each peer, so that it shakes hands: one byte to the port that throws everything away.</summary>
internal static class Knock
{
    private const int Discard = 9; // RFC 863
    private const int AtOnce = 100;

    /// <summary>Thousands of handshakes in one moment would keep the processor from all else.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static async Task AtAsync(IEnumerable<PeerTarget> peers, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        foreach (var some in peers.Chunk(AtOnce))
        {
            foreach (var address in some.Select(AddressOf).OfType<IPAddress>())
            {
                try
                {
                    socket.SendTo([0], new IPEndPoint(address, Discard));
                }
                catch (SocketException)
                {
                    // No way there: the peer comes by itself.
                }
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static IPAddress? AddressOf(PeerTarget peer) =>
        peer.AllowedIPs.Split(',').FirstOrDefault(network => network.EndsWith("/32", StringComparison.Ordinal)) is { } own ? IPAddress.Parse(own[..^3]) : null;
}
