using Microsoft.Extensions.Options;
using WgHub.Features.Reports;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.History;

/// <summary>
/// Notes what the reports tell that are made anyway, a look of every ten seconds, and writes it down every ten minutes. What a kill takes are
/// those minutes; the bytes of them are told after the next start, as late.
/// </summary>
internal sealed class HistoryLoop(
    HistoryBook book, HistoryStore store, Sampler sampler, HubReports reports, IOptions<HistoryOptions> options, TimeProvider time,
    ILogger<HistoryLoop> logger) : Loop(TimeSpan.FromSeconds(5), new(), time, logger)
{
    private static readonly TimeSpan SaveEvery = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Nothing is taken away before the clock has gone on evenly for so long: one that shows another year after a start, until the network has
    /// told it better, would take all.
    /// </summary>
    private static readonly TimeSpan Calm = TimeSpan.FromHours(1);

    private static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(15);

    private readonly TimeProvider _time = time;
    private readonly SemaphoreSlim _one = new(1, 1);
    private long _look;
    private DateTimeOffset? _lookedAt;
    private DateTimeOffset? _savedAt;
    private DateTimeOffset? _prunedAt;
    private DateTimeOffset _calmFrom;
    private DateTimeOffset _passedAt;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await PassAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            Look();
            await SaveAsync(cancellationToken);
        }
        catch (StorageException)
        {
            // A full disk, or no database any more: a stop is a stop. The counters go on, and the next start tells them.
        }
    }

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (now < _passedAt || now - _passedAt > LongestStep)
        {
            _calmFrom = now;
        }

        _passedAt = now;
        Look();
        if (_savedAt is not { } saved || (now - saved).Duration() >= SaveEvery)
        {
            await SaveAsync(cancellationToken);
            await store.ForgetGoneAsync(cancellationToken);
            _savedAt = now;
        }

        if (now - _calmFrom >= Calm && (_prunedAt is not { } pruned || (now - pruned).Duration() >= Calm))
        {
            foreach (var step in HistoryStep.Kept)
            {
                await store.PruneAsync(step, now - options.Value.KeepOf(step), cancellationToken);
            }

            _prunedAt = now;
        }
    }

    /// <summary>Writes down all that is in memory but the finest steps.</summary>
    private Task SaveAsync(CancellationToken cancellationToken) => store.SaveAsync(book.Freeze(), book.Gate, book.Forget, cancellationToken);

    private void Look()
    {
        if (options.Value.Enabled && sampler.CountLast() is { } report && report.Look > _look)
        {
            book.Note(reports.Hub, report, _lookedAt);
            (_look, _lookedAt) = (report.Look, report.At);
        }
    }
}
