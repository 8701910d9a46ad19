namespace WgHub.Features.History;

/// <summary>How finely something is kept.</summary>
/// <param name="Seconds">Of a point.</param>
/// <param name="BlockPoints">So many points lie together: in memory in one piece, in the database in one row.</param>
internal sealed record HistoryStep(int Seconds, int BlockPoints)
{
    /// <summary>In memory alone: it begins anew with the process.</summary>
    public static readonly HistoryStep Recent = new(10, 60);

    public static readonly HistoryStep Minutes = new(60, 60);

    public static readonly HistoryStep Hours = new(3600, 24);

    /// <summary>Those that are kept over a restart.</summary>
    public static readonly IReadOnlyList<HistoryStep> Kept = [Minutes, Hours];

    /// <summary>How far back <see cref="Recent"/> goes.</summary>
    public static readonly TimeSpan RecentLength = TimeSpan.FromHours(1);

    private long BlockSeconds => (long)Seconds * BlockPoints;

    /// <summary>Number of the step that a moment lies in.</summary>
    public long SlotOf(DateTimeOffset at) => FloorDivide(at.ToUnixTimeSeconds(), Seconds);

    /// <summary>When the block begins that a step lies in.</summary>
    public DateTimeOffset BlockOf(long slot) => DateTimeOffset.FromUnixTimeSeconds(FloorDivide(slot, BlockPoints) * BlockSeconds);

    public DateTimeOffset BlockOf(DateTimeOffset at) => BlockOf(SlotOf(at));

    public DateTimeOffset BlockAfter(DateTimeOffset block) => block.AddSeconds(BlockSeconds);

    private static long FloorDivide(long number, long by) => (number - (((number % by) + by) % by)) / by; // clocks of dead batteries show 1969, too
}
