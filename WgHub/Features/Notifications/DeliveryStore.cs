using WgHub.Storage;

namespace WgHub.Features.Notifications;

/// <summary>The table of messages. Methods that take a transaction run inside the caller's.</summary>
internal sealed class DeliveryStore(Database database)
{
    /// <summary>So many of each state are kept of a channel, the newest.</summary>
    public const int Kept = 200;

    /// <summary>Those that the others are counted against: on their way, and made one by one since <paramref name="since"/>.</summary>
    public static (long Waiting, long Recent) Count(Tx tx, string channelId, DateTimeOffset since) => (
        tx.Count($"select count(*) from notification_deliveries where channel_id = {channelId} and state = {Delivery.Waiting}"),
        tx.Count(
            $"""
            select count(*) from notification_deliveries where channel_id = {channelId} and state in ({Delivery.Waiting}, {Delivery.Delivered})
                and created_at > {since} and created_at <= {tx.Now} and event <> {Delivery.Digest}
            """));

    public static IReadOnlyList<Delivery> Gathering(Tx tx, string channelId) => tx.Query(
        $"select {Delivery.Columns} from notification_deliveries where channel_id = {channelId} and state = {Delivery.Gathering}", Delivery.Map);

    /// <summary>The newest of a channel.</summary>
    public IReadOnlyList<Delivery> List(string channelId, string? state, int limit)
    {
        var which = state is null ? new SqlPart("true") : SqlPart.Of($"state = {state}");
        return database.Read(tx => tx.Query(
            $"select {Delivery.Columns} from notification_deliveries where channel_id = {channelId} and {which} order by position desc limit {limit}",
            Delivery.Map));
    }

    /// <summary>How many of each state a channel has.</summary>
    public IReadOnlyDictionary<(string ChannelId, string State), long> Counts() => database.Read(tx => tx.Query(
        $"select channel_id, state, count(*) as many from notification_deliveries group by channel_id, state",
        row => KeyValuePair.Create((row.Text("channel_id"), row.Text("state")), row.Number("many"))).ToDictionary());

    /// <summary>Channels that have something to send now.</summary>
    public IReadOnlyList<string> Due() => database.Read(tx => tx.Query(
        $"""
        select distinct channel_id from notification_deliveries as due
        where state = {Delivery.Waiting} and {IsDue(tx.Now)}
            and exists (select 1 from notification_channels where notification_channels.id = due.channel_id and notification_channels.enabled)
        """,
        row => row.Text("channel_id")));

    /// <summary>The oldest of a channel that is due and has nothing about the same thing before it.</summary>
    public Delivery? Next(string channelId) => database.Read(tx => tx.First(
        $"""
        select {Delivery.Columns} from notification_deliveries as due
        where due.channel_id = {channelId} and due.state = {Delivery.Waiting} and {IsDue(tx.Now)}
            and not exists (select 1 from notification_deliveries as before where before.channel_id = due.channel_id and before.state = {Delivery.Waiting}
                and before.position < due.position and before.subject = due.subject)
        order by due.position limit 1
        """,
        Delivery.Map));

    /// <summary>Puts messages behind all others of their channel.</summary>
    public static void Add(Tx tx, IReadOnlyList<Delivery> messages)
    {
        var last = messages.Count == 0 ? 0 : Last(tx, messages[0].ChannelId);
        tx.ExecuteEach([.. messages.Select((one, at) => one with { Position = last + 1 + at })], one =>
            $"""
            insert into notification_deliveries (id, channel_id, position, state, is_urgent, event, subject, body, created_at, changed_at, tries, next_at)
            values ({one.Id}, {one.ChannelId}, {one.Position}, {one.State}, {one.IsUrgent}, {one.Event}, {one.Subject}, {one.Body}, {one.CreatedAt},
                {one.ChangedAt}, {0}, {one.NextAt})
            """);
    }

    public static void Join(Tx tx, string id, string draft) =>
        tx.Execute($"update notification_deliveries set body = {draft}, changed_at = {tx.Now} where id = {id}");

    /// <summary>A digest is whole: it goes behind all others.</summary>
    public static void Close(Tx tx, Delivery digest, string @event, string body) => tx.Execute(
        $"""
        update notification_deliveries set state = {Delivery.Waiting}, event = {@event}, body = {body}, position = {Last(tx, digest.ChannelId) + 1},
            next_at = {tx.Now}
        where id = {digest.Id}
        """);

    /// <summary>Notes what came of a try.</summary>
    public static void Note(Tx tx, Delivery after) => tx.Execute(
        $"""
        update notification_deliveries set state = {after.State}, tries = {after.Tries}, next_at = {after.NextAt}, tried_at = {tx.Now}, said = {after.Said}
        where id = {after.Id} and state = {Delivery.Waiting}
        """);

    /// <summary>The way is open again: whatever waits for its time goes now.</summary>
    public static void Hasten(Tx tx, string channelId) => tx.Execute(
        $"update notification_deliveries set next_at = {tx.Now} where channel_id = {channelId} and state = {Delivery.Waiting} and next_at > {tx.Now}");

    /// <summary>What waits becomes dead letters.</summary>
    public static void Bury(Tx tx, string channelId, string said) => tx.Execute(
        $"update notification_deliveries set state = {Delivery.Dead}, said = {said} where channel_id = {channelId} and state = {Delivery.Waiting}");

    public static bool HasDead(Tx tx, string channelId, DateTimeOffset since) => tx.Exists(
        $"select 1 from notification_deliveries where channel_id = {channelId} and state = {Delivery.Dead} and tried_at >= {since}");

    /// <summary>Dead letters wait again, with all their tries before them and their ids as they were.</summary>
    /// <param name="id">Of one; null for all of the channel.</param>
    /// <returns>How many.</returns>
    public static int Replay(Tx tx, string channelId, string? id)
    {
        var which = id is null ? new SqlPart("true") : SqlPart.Of($"id = {id}");
        return tx.Execute(
            $"""
            update notification_deliveries set state = {Delivery.Waiting}, tries = {0}, next_at = {tx.Now}
            where channel_id = {channelId} and state = {Delivery.Dead} and {which}
            """);
    }

    /// <summary>Forgets old ones: rows do not grow without end.</summary>
    public static void Prune(Tx tx, string channelId)
    {
        foreach (var state in new[] { Delivery.Delivered, Delivery.Dead })
        {
            tx.Execute(
                $"""
                delete from notification_deliveries where channel_id = {channelId} and state = {state} and position <= coalesce((
                    select position from notification_deliveries where channel_id = {channelId} and state = {state}
                    order by position desc limit 1 offset {Kept}), {-1})
                """);
        }
    }

    private static SqlPart IsDue(DateTimeOffset now) =>
        SqlPart.Of($"(due.next_at <= {now} or due.next_at > {now + RetrySchedule.Longest + TimeSpan.FromMinutes(1)})");

    private static long Last(Tx tx, string channelId) =>
        tx.Count($"select coalesce(max(position), 0) from notification_deliveries where channel_id = {channelId}");
}
