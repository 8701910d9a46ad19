using System.Net;
using System.Net.Sockets;

namespace WgHub.Cli;

/// <summary>Whether the server will be able to listen: looked at before it works and tells where it is to be found.</summary>
internal static class ListenCheck
{
    /// <exception cref="IOException">Not there; a sentence that says why and what to do.</exception>
    public static void Check(IEnumerable<string> urls)
    {
        foreach (var url in urls)
        {
            var address = BindingAddress.Parse(url);
            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp); // of both families where there are two
                socket.Bind(new IPEndPoint(IPOf(address), address.Port));
            }
            catch (SocketException exception)
            {
                throw new IOException(Sentence(url, address.Port, exception), exception);
            }
        }
    }

    private static IPAddress IPOf(BindingAddress address) =>
        IPAddress.TryParse(address.Host, out var ip) ? ip
        : string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.Any;

    private static string Sentence(string url, int port, SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"{url} is taken: another program listens there. 'ss -ltnp sport = :{port}' tells root which. Stop it, or give another address with --urls.",
        SocketError.AccessDenied =>
            $"{url} is not allowed: a port below 1024 takes root, or CAP_NET_BIND_SERVICE as templates/wghub.service gives it. Or give another with --urls.",
        SocketError.AddressNotAvailable =>
            $"{url} is no address of this machine. 'ip address' tells which it has; 0.0.0.0 is all of them.",
        SocketError.AddressFamilyNotSupported => $"{url} is an IPv6 address, and IPv6 is switched off on this machine. 0.0.0.0 is every IPv4 address.",
        _ => $"{url} cannot be listened on: {exception.Message}.",
    };
}
