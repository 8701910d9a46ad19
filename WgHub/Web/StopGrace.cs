using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WgHub.Web;

/// <summary>Whoever is slow to send or to read does not hold up a stop: what is left of their connections ends after a moment.</summary>
internal static class StopGrace
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    public static void UseStopGrace(this ListenOptions listen)
    {
        var stopping = listen.ApplicationServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        listen.Use(next => async connection =>
        {
            using var end = new CancellationTokenSource();
            await using var ended = end.Token.Register(() => connection.Abort());
            await using var stop = stopping.Register(() => end.CancelAfter(Moment));
            await next(connection);
        });
    }
}
