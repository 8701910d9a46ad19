using Microsoft.Extensions.Options;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.History;

/// <summary>Answers what went through a spoke's tunnel, in steps that the time asked for can be drawn in.</summary>
internal sealed class SpokeHistory(Database database, HistoryStore store, HistoryBook book, IOptions<HistoryOptions> options, TimeProvider time)
{
    private const int MostPoints = 1_500;

    private static readonly TimeSpan Unless = TimeSpan.FromHours(1);

    /// <summary>Who asks for the last two days has looked at another clock a moment ago; blocks are kept whole, so that it is there.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    /// <summary>Seconds of an answer's step, and what it is made of.</summary>
    private static readonly (int Seconds, HistoryStep Of)[] Steps =
    [
        (10, HistoryStep.Recent), (60, HistoryStep.Minutes), (300, HistoryStep.Minutes), (3600, HistoryStep.Hours), (6 * 3600, HistoryStep.Hours),
        (24 * 3600, HistoryStep.Hours),
    ];

    /// <param name="from">An hour before <paramref name="to"/> unless told; what is older than what is kept is not there.</param>
    /// <param name="to">Now unless told, and at the latest.</param>
    /// <exception cref="AppException">NOT_FOUND; VALIDATION_FAILED.</exception>
    public async Task<HistoryDto> ReadAsync(string id, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        if (database.Read(tx => SpokeStore.NameOf(tx, id)) is null)
        {
            throw SpokeErrors.NotFound();
        }

        var now = time.GetUtcNow();
        var oldest = now - options.Value.KeepOf(HistoryStep.Hours);
        if (from >= (to ?? now))
        {
            throw WebErrors.Invalid("from", "A time before the end of what is asked for.");
        }

        var end = to < now ? to.Value : now;
        var begin = from ?? (end > oldest ? end - Unless : oldest);
        begin = begin < oldest ? oldest : begin;
        return begin < end ? await ReadAsync(id, begin, end, now, cancellationToken) : new(Steps[0].Seconds, []);
    }

    private async Task<HistoryDto> ReadAsync(string id, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (seconds, step) = Steps.First(one => (to - from).TotalSeconds / one.Seconds <= MostPoints - 2 && from >= KnownFrom(one.Of, now));
        Dictionary<long, HistoryPoint> points = [];
        foreach (var (slot, point) in await PointsAsync(id, step, from, to, cancellationToken))
        {
            var at = slot * step.Seconds;
            var start = at - (((at % seconds) + seconds) % seconds);
            points[start] = points.GetValueOrDefault(start).Plus(point);
        }

        return new(seconds, [.. points
            .Where(point => point.Value.IsSeen && point.Key + seconds > from.ToUnixTimeSeconds() && point.Key <= to.ToUnixTimeSeconds())
            .OrderBy(point => point.Key)
            .Select(point => HistoryPointDto.From(point.Key, point.Value))]);
    }

    private async Task<IReadOnlyList<(long Slot, HistoryPoint Point)>> PointsAsync(
        string id, HistoryStep step, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        if (step == HistoryStep.Recent)
        {
            return book.Of(id, step);
        }

        await book.Gate.WaitAsync(cancellationToken);
        try
        {
            return [.. store.Points(id, step, from, to), .. book.Of(id, step)];
        }
        finally
        {
            book.Gate.Release();
        }
    }

    private DateTimeOffset KnownFrom(HistoryStep step, DateTimeOffset now)
    {
        if (step != HistoryStep.Recent)
        {
            return now - options.Value.KeepOf(step) - Slack;
        }

        var hour = now - HistoryStep.RecentLength - Slack;
        return book.RecentFrom is not { } first ? DateTimeOffset.MaxValue : first > hour ? first : hour;
    }
}
