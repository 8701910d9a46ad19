using WgHub.Storage;

namespace WgHub.Features.Notifications;

/// <summary>What happened without being a change: the table of happenings. It is the other half of what channels are told from.</summary>
internal sealed class HappeningStore(Database database)
{
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>So many are kept whatever happens in a week.</summary>
    private const int Most = 100_000;

    public static long Head(Tx tx) => tx.Count($"select coalesce(max(sequence), 0) from happenings");

    /// <summary>Appends them, inside the caller's transaction.</summary>
    public static void Add(Tx tx, IReadOnlyList<Occurrence> many)
    {
        var head = Head(tx);
        tx.ExecuteEach([.. many.Select((one, at) => (One: one, Sequence: head + 1 + at))], each =>
            $"""
            insert into happenings (sequence, id, at, event, subject, subject_name, group_name, detail)
            values ({each.Sequence}, {each.One.Id}, {each.One.At}, {each.One.Event.Name}, {each.One.SubjectId}, {each.One.SubjectName}, {each.One.Group},
                {each.One.Detail})
            """);
    }

    /// <summary>What came after the one of this number, the oldest first; what only an older version knew is passed over.</summary>
    public static IReadOnlyList<(Occurrence? One, long Sequence)> After(Tx tx, long sequence, int limit) => tx.Query(
        $"""
        select sequence, id, at, event, subject, subject_name, group_name, detail from happenings
        where sequence > {sequence} order by sequence limit {limit}
        """,
        row => (EventCatalogue.Find(row.Text("event")) is { } known ? Map(row, known) : null, row.Number("sequence")));

    /// <summary>Forgets the old ones that every channel has dealt with; the newest stays, since the numbers go on from it.</summary>
    public Task PruneAsync(CancellationToken cancellationToken) => database.NoteAsync(
        tx =>
        {
            var head = Head(tx);
            tx.Execute(
                $"""
                delete from happenings where sequence < {head} and (sequence <= {head - Most}
                    or (at < {tx.Now - Life} and sequence <= coalesce((select min(happening_sequence) from notification_channels), {head})))
                """);
        },
        cancellationToken);

    public static Occurrence Make(Tx tx, NotifiedEvent known, string detail = "{}") =>
        new() { Id = Guid.CreateVersion7(tx.Now).ToString(), At = tx.Now, Event = known, Detail = detail };

    private static Occurrence Map(Row row, NotifiedEvent known) => new()
    {
        Id = row.Text("id"),
        At = row.Time("at"),
        Event = known,
        SubjectId = row.TextOrNull("subject"),
        SubjectName = row.TextOrNull("subject_name"),
        Group = row.TextOrNull("group_name"),
        Detail = row.Text("detail"),
    };
}
