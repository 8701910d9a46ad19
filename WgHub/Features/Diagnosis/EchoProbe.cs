using System.Net;
using System.Net.Sockets;
using WgHub.Features.Hub;
using WgHub.WireGuard;

namespace WgHub.Features.Diagnosis;

/// <summary>
/// Sends datagrams through the tunnel to a port where nobody listens: the spoke's kernel says so (ICMP port unreachable), which needs
/// neither a program there nor a right here. A firewall that drops keeps quiet.
/// </summary>
internal static class EchoProbe
{
    /// <summary>Where traceroute begins: known to be unused.</summary>
    private const int FirstPort = 33434;

    private const int HeaderBytes = 28; // IPv4 and UDP

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Takes a second at most.</summary>
    public static async Task<Echo> SendAsync(HubConfig hub, Ipv4Address address, CancellationToken cancellationToken)
    {
        var (from, to) = (IPAddress.Parse(Ipv4Network.ToText(hub.Address)), IPAddress.Parse(address.ToString()));
        var answers = await Task.WhenAll(
            AnswersAsync(from, new(to, FirstPort), 0, cancellationToken),
            AnswersAsync(from, new(to, FirstPort + 1), hub.Mtu - HeaderBytes, cancellationToken));
        return new(answers[0], answers[1]);
    }

    private static async Task<bool> AnswersAsync(IPAddress from, IPEndPoint to, int bytes, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { DontFragment = true };
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(to, patience.Token);
            await socket.SendAsync(new byte[bytes], patience.Token);
            await socket.ReceiveAsync(new byte[1], patience.Token);
            return true; // somebody listens there after all
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
