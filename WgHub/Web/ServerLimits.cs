using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WgHub.Web;

/// <summary>What a connection may cost, before anybody knows who is at its other end.</summary>
internal static class ServerLimits
{
    private const int LargestBody = 1024 * 1024;
    private const int HeaderBytes = 16 * 1024;
    private const double SlowestBytesPerSecond = 1024;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public static void AddServerLimits(this KestrelServerOptions kestrel)
    {
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = LargestBody;
        limits.MaxRequestHeadersTotalSize = HeaderBytes;
        limits.MaxRequestHeaderCount = 64;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);    // longer than what proxies keep a connection for, or they would send into a closed one
        limits.MinRequestBodyDataRate = new(SlowestBytesPerSecond, Grace);
        limits.MinResponseDataRate = new(SlowestBytesPerSecond, Grace);
        limits.Http2.MaxStreamsPerConnection = 16;
        limits.Http2.InitialConnectionWindowSize = 2 * SmallBodyAttribute.Bytes;
        limits.Http2.InitialStreamWindowSize = SmallBodyAttribute.Bytes;
        limits.Http2.MaxRequestHeaderFieldSize = HeaderBytes;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        kestrel.ConfigureEndpointDefaults(listen =>
        {
            listen.UseConnectionLimit();
            listen.UseStopGrace();
        });
    }
}
