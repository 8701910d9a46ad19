using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Web;

/// <summary>
/// On connections over the socket in the data directory. Whoever is at their other end could change the database as well, and is an administrator
/// without a token.
/// </summary>
internal sealed class ControlConnection
{
    public static readonly ControlConnection Mark = new();
}

/// <summary>Takes the commands of this machine: the same API as everywhere, over a socket that root and the hub's own user reach alone.</summary>
internal static partial class ControlSocket
{
    /// <summary>Listens in the data directory. Where no socket can be, the hub runs without, and says so.</summary>
    /// <param name="kestrel">Its data directory is locked: what lies there was left by a hub that was killed.</param>
    public static void ListenOnControlSocket(this KestrelServerOptions kestrel, DataDirectory data)
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // who is at the other end, only Linux tells
        }

        if (WhyNot(data.ControlSocket) is { } why)
        {
            LogNone(kestrel.ApplicationServices.GetRequiredService<ILogger<ControlConnection>>(), data.ControlSocket, why);
            return;
        }

        kestrel.ListenUnixSocket(data.ControlSocket, listen => listen.Use(next => connection =>
        {
            if (connection.Features.Get<IConnectionSocketFeature>() is not { Socket: var socket } || !SocketPeer.IsOurs(socket))
            {
                connection.Abort();
                return Task.CompletedTask;
            }

            connection.Features.Set(ControlConnection.Mark);
            return next(connection);
        }));
    }

    /// <summary>True for what came over that socket.</summary>
    public static bool IsControl(this HttpContext context) => context.Features.Get<ControlConnection>() is not null;

    /// <summary>Those addresses of a server that a network leads to.</summary>
    public static IEnumerable<string> OfNetwork(IEnumerable<string> addresses) =>
        addresses.Where(address => !address.StartsWith("http://unix:", StringComparison.Ordinal));

    /// <summary>Makes room for a socket and tries one there.</summary>
    /// <returns>Null when it can be listened on.</returns>
    private static string? WhyNot(string path)
    {
        try
        {
            File.Delete(path);
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            return null;
        }
        catch (ArgumentOutOfRangeException)
        {
            return "its path is longer than a socket's may be";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SocketException)
        {
            return exception.Message;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is no socket for commands at {Path}: {Why}. Commands reach this hub with --server and a token.")]
    private static partial void LogNone(ILogger logger, string path, string why);
}
