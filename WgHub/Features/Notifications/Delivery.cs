using WgHub.Storage;

namespace WgHub.Features.Notifications;

/// <summary>A message of a channel.</summary>
internal sealed record Delivery
{
    /// <summary>A digest that more events may join.</summary>
    public const string Gathering = "gathering";
    public const string Waiting = "waiting";
    public const string Delivered = "delivered";
    public const string Dead = "dead";

    /// <summary>What an event is called that stands for many.</summary>
    public const string Digest = "notification.digest";

    /// <summary>And one that a person asked for.</summary>
    public const string Test = "notification.test";

    public static readonly IReadOnlyList<string> States = [Gathering, Waiting, Delivered, Dead];

    public static readonly SqlPart Columns = new(
        "id, channel_id, position, state, is_urgent, event, subject, body, created_at, changed_at, tries, next_at, tried_at, said");

    /// <summary>The receiver sees it, the same at each try.</summary>
    public required string Id { get; init; }

    public required string ChannelId { get; init; }

    /// <summary>Its order in the channel.</summary>
    public long Position { get; init; }

    public required string State { get; init; }

    /// <summary>True: quiet hours do not hold it.</summary>
    public bool IsUrgent { get; init; }

    public required string Event { get; init; }

    /// <summary>Messages about one thing keep their order; null where there is none.</summary>
    public string? Subject { get; init; }

    /// <summary>JSON, as it is sent; while gathering the draft of a digest.</summary>
    public required string Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the last event joined.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    public int Tries { get; init; }

    public DateTimeOffset NextAt { get; init; }

    public DateTimeOffset? TriedAt { get; init; }

    /// <summary>What came of the last try.</summary>
    public string? Said { get; init; }

    public static string NewId() => $"msg_{Guid.CreateVersion7():N}";

    public static Delivery Map(Row row) => new()
    {
        Id = row.Text("id"),
        ChannelId = row.Text("channel_id"),
        Position = row.Number("position"),
        State = row.Text("state"),
        IsUrgent = row.Flag("is_urgent"),
        Event = row.Text("event"),
        Subject = row.TextOrNull("subject"),
        Body = row.Text("body"),
        CreatedAt = row.Time("created_at"),
        ChangedAt = row.Time("changed_at"),
        Tries = row.Int("tries"),
        NextAt = row.Time("next_at"),
        TriedAt = row.TimeOrNull("tried_at"),
        Said = row.TextOrNull("said"),
    };
}

/// <summary>When what failed is tried again: for a day, soon at first.</summary>
internal static class RetrySchedule
{
    /// <summary>A delivery is a dead letter after all of these, and never sooner: a clock that jumps ahead ends nothing.</summary>
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15),
        TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(2), TimeSpan.FromHours(3), TimeSpan.FromHours(3),
        TimeSpan.FromHours(4), TimeSpan.FromHours(4), TimeSpan.FromHours(4),
    ];

    /// <summary>Longer than this nothing waits; what seems to was put off by a clock that was wrong.</summary>
    public static TimeSpan Longest => Waits[^1];

    /// <param name="failures">How many tries have failed, this one too.</param>
    /// <param name="asked">What the receiver asked for; at most <see cref="Longest"/>.</param>
    /// <returns>Null when that was the last one.</returns>
    public static TimeSpan? After(int failures, TimeSpan? asked) =>
        failures > Waits.Length ? null
        : asked is { } wish && wish > Waits[failures - 1] ? (wish < Longest ? wish : Longest)
        : Waits[failures - 1];
}
