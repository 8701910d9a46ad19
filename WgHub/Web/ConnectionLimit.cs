using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WgHub.Web;

/// <summary>
/// One address, or one /64, cannot take all connections; a trusted proxy, which speaks for many, can. The table holds only who is connected
/// now.
/// </summary>
internal static class ConnectionLimit
{
    private const int Share = 1_000;

    public static void UseConnectionLimit(this ListenOptions listen)
    {
        var proxies = listen.ApplicationServices.GetRequiredService<TrustedProxies>();
        var open = new ConcurrentDictionary<IPAddress, int>();
        listen.Use(next => async connection =>
        {
            if (connection.RemoteEndPoint is not IPEndPoint { Address: var address } || proxies.Include(address))
            {
                await next(connection);
                return;
            }

            var machine = MachineOf(address);
            try
            {
                if (open.AddOrUpdate(machine, 1, (_, count) => count + 1) > Share)
                {
                    connection.Abort();
                    return;
                }

                await next(connection);
            }
            finally
            {
                if (open.AddOrUpdate(machine, 0, (_, count) => count - 1) == 0)
                {
                    open.TryRemove(new(machine, 0)); // unless somebody came meanwhile
                }
            }
        });
    }

    private static IPAddress MachineOf(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.AddressFamily == AddressFamily.InterNetworkV6 ? new([.. address.GetAddressBytes().Take(8), .. new byte[8]])
        : address;
}
