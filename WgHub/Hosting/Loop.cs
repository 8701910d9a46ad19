using System.Diagnostics.CodeAnalysis;

namespace WgHub.Hosting;

/// <summary>A job that runs at start, when signalled, and every <paramref name="period"/>. A failed pass is logged; the next one tries again.</summary>
internal abstract partial class Loop(TimeSpan period, Signal signal, TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>When the last pass ended, whatever came of it; null before the first one.</summary>
    public DateTimeOffset? LastPass { get; private set; }

    /// <summary>Why the last pass failed; null when it did not.</summary>
    public string? Failure { get; private set; }

    /// <summary>How long until the next pass, when no signal comes.</summary>
    protected virtual TimeSpan Pause => period;

    /// <summary>How long a signalled pass waits for more signals: a storm of changes makes one pass, and not one after the other.</summary>
    protected virtual TimeSpan Settling => TimeSpan.Zero;

    /// <summary>One pass, complete in itself. Tests call this; they never wait for the clock.</summary>
    public abstract Task RunOnceAsync(CancellationToken cancellationToken);

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types", Justification = "The border of a background job: a pass may fail, the job goes on.")]
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The first pass must not hold up the start of the server.
        await Task.Yield();
        string? told = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync(stoppingToken);
                (told, Failure) = (null, null);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Failure = exception.Message;

                // The same failure every two seconds would bury the log.
                if (told != exception.Message)
                {
                    LogPassFailed(logger, GetType().Name, exception.Message, exception is IOException or InvalidOperationException ? exception : null);
                    told = exception.Message;
                }
            }
            catch (Exception)
            {
                // It is to stop. What it uses may be gone already, where the server did not even start.
                return;
            }

            LastPass = time.GetUtcNow();
            try
            {
                if (await signal.WaitAsync(Pause, time, stoppingToken))
                {
                    await Task.Delay(Settling, time, stoppingToken);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A pass of {Loop} failed, the next one tries again: {Reason}")]
    private static partial void LogPassFailed(ILogger logger, string loop, string reason, Exception? exception);
}

internal static class LoopServices
{
    public static void AddLoop<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IServiceCollection services)
        where T : Loop
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
