using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WgHub.Web;

/// <summary>On a connection that is to carry one request at a time, by HTTP/1.1.</summary>
internal sealed class OneAtATime
{
    public static readonly OneAtATime Mark = new();
}

/// <summary>Turns away connections that are too many, before anything is read. A trusted proxy speaks for many, and has no share of its own.</summary>
internal static class ConnectionLimit
{
    public static void UseConnectionLimit(this ListenOptions listen)
    {
        var proxies = listen.ApplicationServices.GetRequiredService<TrustedProxies>();
        var open = listen.ApplicationServices.GetRequiredService<OpenConnections>();
        listen.Use(next => async connection =>
        {
            var address = connection.RemoteEndPoint is IPEndPoint { Address: var from } && !proxies.Include(from) ? from : null;
            try
            {
                if (!open.Enter(address))
                {
                    connection.Abort();
                    return;
                }

                if (open.IsCrowd(address))
                {
                    connection.Features.Set(OneAtATime.Mark);
                }

                await next(connection);
            }
            finally
            {
                open.Leave(address);
            }
        });
    }
}
