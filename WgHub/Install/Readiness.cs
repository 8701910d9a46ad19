using System.Diagnostics.CodeAnalysis;

namespace WgHub.Install;

/// <summary>Whether the service does its work: its process stays, and answers that it is ready.</summary>
internal static class Readiness
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>Null when it is ready, else why not, with its last words.</returns>
    public static async Task<string?> WaitAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var (start, since) = (time.GetTimestamp(), time.GetUtcNow().ToUnixTimeSeconds());
        using var visitor = Visitor();
        var last = 0;
        while (time.GetElapsedTime(start) < Limit)
        {
            var service = await RunningService.FindAsync(cancellationToken);
            var isReady = service is not null && await AnswersAsync(visitor, service.Probes, cancellationToken);
            if (isReady && service!.Process == last)
            {
                return null;
            }

            if (service is null && await Systemctl.ShowAsync(Systemctl.Service, "ActiveState", cancellationToken) == "failed")
            {
                return $"It ended as soon as it was started: {await Systemctl.LastWordsAsync(Systemctl.Service, since, cancellationToken)}";
            }

            last = isReady ? service!.Process : 0; // one that ends after its first answer is not ready: asked twice
            await Task.Delay(Pause, time, cancellationToken);
        }

        return $"It was not ready within {Limit.TotalSeconds:0} s: {await Systemctl.LastWordsAsync(Systemctl.Service, since, cancellationToken)}";
    }

    private static async Task<bool> AnswersAsync(HttpClient visitor, IReadOnlyList<Uri> probes, CancellationToken cancellationToken)
    {
        foreach (var probe in probes)
        {
            try
            {
                using var answer = await visitor.GetAsync(probe, cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested(); // else nobody listens yet, or does not answer in time
            }
        }

        return false;
    }

    [SuppressMessage(
        "Security", "CA5359:Do not disable certificate validation",
        Justification = "It asks a process of this machine whether it is ready, and tells it nothing.")]
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The client owns its handler.")]
    private static HttpClient Visitor()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        };
        return new(handler) { Timeout = Patience };
    }
}
