using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Notifications;

/// <summary>
/// Makes messages of events. A channel's place in the events moves in the transaction that adds its messages: whatever kills the hub, each event
/// becomes one message of a channel, once. Many within a minute, and what comes in quiet hours, gather in one.
/// </summary>
internal sealed class Outbox(Database database, EventReader reader, ChannelStore channels, HappeningStore happenings, TimeProvider time, ILogger<Outbox> logger)
    : Loop(TimeSpan.FromSeconds(2), new(), time, logger)
{
    /// <summary>More within a minute become one message.</summary>
    public const int StormEvents = 20;

    /// <summary>More than these do not wait one by one, for a receiver that does not answer.</summary>
    public const int MostWaiting = 200;

    private const int Portion = 500;

    /// <summary>A storm is over when so long nothing joined, or when it has taken so long that people want to hear of it.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestStorm = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _time = time;
    private DateTimeOffset _pruned;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        while (await CollectAsync(cancellationToken))
        {
        }

        await CloseAsync(cancellationToken);
        if (_time.GetUtcNow() - _pruned is { TotalHours: >= 1 or < 0 })
        {
            _pruned = _time.GetUtcNow();
            await happenings.PruneAsync(cancellationToken);
        }
    }

    /// <returns>True when there may be more.</returns>
    private async Task<bool> CollectAsync(CancellationToken cancellationToken)
    {
        var enabled = channels.All().Where(channel => channel.Enabled).ToList();
        Dictionary<EventCursor, (IReadOnlyList<Occurrence> Found, EventCursor Next)> read = [];
        foreach (var channel in enabled.Where(channel => !read.ContainsKey(channel.Cursor)))
        {
            read[channel.Cursor] = reader.After(channel.Cursor, Portion);
        }

        var moving = enabled.Where(channel => read[channel.Cursor].Next != channel.Cursor).ToList();
        if (moving.Count > 0)
        {
            await database.NoteAsync(tx => moving.ForEach(channel => Collect(tx, channel, read[channel.Cursor])), cancellationToken);
        }

        return moving.Count > 0;
    }

    private static void Collect(Tx tx, Channel channel, (IReadOnlyList<Occurrence> Found, EventCursor Next) news)
    {
        if (!ChannelStore.TryMove(tx, channel, news.Next))
        {
            return;
        }

        var gathering = DeliveryStore.Gathering(tx, channel.Id);
        var (waiting, recent) = DeliveryStore.Count(tx, channel.Id, tx.Now - Calm);
        var wanted = news.Found.Where(channel.Wants).ToList();
        foreach (var kind in wanted.GroupBy(one => one.Event.Level == EventLevel.Critical))
        {
            List<Occurrence> some = [.. kind];
            var open = gathering.FirstOrDefault(one => one.IsUrgent == kind.Key);
            if (open is not null)
            {
                DeliveryStore.Join(tx, open.Id, DigestDraft.FromJson(open.Body).With(some).ToJson());
            }
            else if (recent + wanted.Count > StormEvents || waiting + wanted.Count > MostWaiting || IsHeld(channel, kind.Key, tx.Now))
            {
                DeliveryStore.Add(tx, [New(tx, channel, kind.Key) with
                {
                    State = Delivery.Gathering, Event = Delivery.Digest, Body = new DigestDraft().With(some).ToJson(),
                }]);
            }
            else
            {
                DeliveryStore.Add(tx, [.. some.Select(one => New(tx, channel, kind.Key) with
                {
                    Event = one.Event.Name, Subject = one.SubjectId, Body = Message.Of(one),
                })]);
            }
        }
    }

    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (database.Read(Whole).Count > 0)
        {
            await database.NoteAsync(tx => Whole(tx).ForEach(one => Close(tx, one)), cancellationToken); // something may have joined meanwhile
        }
    }

    private static List<Delivery> Whole(Tx tx) =>
        [.. ChannelStore.All(tx).SelectMany(channel => DeliveryStore.Gathering(tx, channel.Id).Where(one => IsWhole(tx, channel, one)))];

    /// <summary>What gathered alone goes as itself.</summary>
    private static void Close(Tx tx, Delivery one)
    {
        var draft = DigestDraft.FromJson(one.Body);
        DeliveryStore.Close(tx, one, draft.Count == 1 ? draft.Events.Keys.First() : Delivery.Digest, draft.Count == 1 ? draft.First[0] : Message.Of(draft));
    }

    private static bool IsWhole(Tx tx, Channel channel, Delivery one) =>
        !IsHeld(channel, one.IsUrgent, tx.Now) && DeliveryStore.Count(tx, channel.Id, tx.Now).Waiting < MostWaiting
        && (tx.Now - one.ChangedAt >= Calm || tx.Now - one.CreatedAt >= LongestStorm || one.ChangedAt > tx.Now);

    private static bool IsHeld(Channel channel, bool isUrgent, DateTimeOffset now) => !isUrgent && channel.Quiet?.AreAt(now) == true;

    private static Delivery New(Tx tx, Channel channel, bool isUrgent) => new()
    {
        Id = Delivery.NewId(),
        ChannelId = channel.Id,
        State = Delivery.Waiting,
        IsUrgent = isUrgent,
        Event = "",
        Body = "",
        CreatedAt = tx.Now,
        ChangedAt = tx.Now,
        NextAt = tx.Now,
    };
}
