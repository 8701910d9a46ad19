using System.Net;
using System.Net.Sockets;

namespace WgHub.Web;

/// <summary>Where this server is reached, as far as it can tell when no request and no setting says it.</summary>
internal static class OwnUrl
{
    /// <summary>For a browser elsewhere: an address of this machine where the server listens on all of them.</summary>
    /// <param name="listening">All that the server listens on.</param>
    public static Uri Of(IEnumerable<string> listening)
    {
        var all = ControlSocket.OfNetwork(listening).Select(BindingAddress.Parse).ToList();
        var best = all.Find(address => address.Scheme == Uri.UriSchemeHttps) ?? all.FirstOrDefault() ?? BindingAddress.Parse("http://localhost");
        var host = IPAddress.TryParse(best.Host, out var ip) && !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any) || best.Host == "localhost"
            ? best.Host
            : OwnAddress();
        return new UriBuilder(best.Scheme, host, best.Port).Uri;
    }

    /// <summary>The one that goes out into the world. Nothing is sent.</summary>
    private static string OwnAddress()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(IPAddress.Parse("192.0.2.1"), 9); // TEST-NET-1
            return ((IPEndPoint)socket.LocalEndPoint!).Address.ToString();
        }
        catch (SocketException)
        {
            return "localhost"; // no way out: only a browser here can come
        }
    }
}
