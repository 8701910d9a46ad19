using System.Collections.Concurrent;
using WgHub.Features.Audit;
using WgHub.Storage;

namespace WgHub.Features.Notifications;

/// <summary>
/// Brings the messages of one channel on their way, one after the other. What was taken is noted before the next goes out; a hub that is killed
/// between sends that one message again, with the id that it had.
/// </summary>
internal sealed class Courier(
    Database database, ChannelStore channels, DeliveryStore deliveries, WebhookSender webhooks, MailSender mail, TimeProvider time)
{
    /// <summary>Whoever does not answer is left alone for a moment, whatever else waits for them.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _resting = new();

    /// <summary>What could not be noted, such as on a full disk: it is noted first, and not sent again meanwhile.</summary>
    private readonly ConcurrentDictionary<string, (Delivery Sent, Outcome Outcome)> _unnoted = new();

    /// <summary>False while a receiver that did not answer is left alone.</summary>
    public bool IsAwake(string channelId) =>
        !_resting.TryGetValue(channelId, out var until) || time.GetUtcNow() is var now && (now >= until || until - now > Rest);

    /// <summary>Sends what is due, until there is nothing more or the receiver does not answer.</summary>
    /// <exception cref="StorageException">What came of a try could not be noted; the next call begins with that.</exception>
    public async Task DeliverAsync(string channelId, CancellationToken cancellationToken)
    {
        if (_unnoted.TryGetValue(channelId, out var open))
        {
            await NoteAsync(open.Sent, open.Outcome);
        }

        while (channels.Find(channelId) is { Enabled: true } channel && deliveries.Next(channelId) is { } next)
        {
            var outcome = await SendAsync(channel, next.Id, next.Body, cancellationToken);
            await NoteAsync(next, outcome);
            if (outcome.IsUnreachable)
            {
                _resting[channelId] = time.GetUtcNow() + Rest;
                return;
            }

            _resting.TryRemove(channelId, out _);
        }
    }

    /// <summary>One try, and nothing is kept of it.</summary>
    public async Task<Outcome> SendAsync(Channel channel, string id, string body, CancellationToken cancellationToken)
    {
        if (channel.Kind == Channel.Mail)
        {
            return MailAddresses.TryParse(channel.Target, out var to)
                ? await mail.SendAsync(to, id, body, cancellationToken)
                : Outcome.Refused(MailAddresses.Rule);
        }

        try
        {
            return await webhooks.SendAsync(new(channel.Target), channels.SecretsOf(channel, time.GetUtcNow()), id, body, cancellationToken);
        }
        catch (StorageException exception)
        {
            return Outcome.Unreachable(exception.Message); // the master key does not open its secret
        }
    }

    /// <summary>Whoever stops us: a receiver that has taken a message must not get it again for that.</summary>
    private async Task NoteAsync(Delivery sent, Outcome outcome)
    {
        _unnoted[sent.ChannelId] = (sent, outcome);
        await database.NoteAsync(tx => Note(tx, sent, outcome), CancellationToken.None);
        _unnoted.TryRemove(sent.ChannelId, out _);
    }

    private static void Note(Tx tx, Delivery sent, Outcome outcome)
    {
        if (ChannelStore.Find(tx, sent.ChannelId) is not { } channel)
        {
            return; // removed meanwhile, and its messages with it
        }

        var tries = sent.Tries + 1;
        var wait = outcome is { IsDelivered: false, IsGone: false } ? RetrySchedule.After(tries, outcome.RetryAfter) : null;
        var state = outcome.IsDelivered ? Delivery.Delivered : wait is null ? Delivery.Dead : Delivery.Waiting;
        if (state == Delivery.Dead && !outcome.IsGone && !DeliveryStore.HasDead(tx, channel.Id, channel.FailingSince ?? sent.CreatedAt))
        {
            tx.Audit(AuditEvents.NotificationLost, channel.Subject, ("event", sent.Event), ("because", outcome.Said));
        }

        DeliveryStore.Note(tx, sent with { State = state, Tries = tries, NextAt = tx.Now + (wait ?? TimeSpan.Zero), Said = outcome.Said });
        SetFailing(tx, channel, outcome);
        if (outcome.IsGone)
        {
            DeliveryStore.Bury(tx, channel.Id, outcome.Said);
            ChannelStore.Stop(tx, channel.Id, outcome.Said);
            tx.Audit(AuditEvents.NotificationStopped, channel.Subject, ("because", outcome.Said));
        }

        DeliveryStore.Prune(tx, channel.Id);
    }

    private static void SetFailing(Tx tx, Channel channel, Outcome outcome)
    {
        if (outcome.IsUnreachable && channel.FailingSince is null)
        {
            ChannelStore.SetFailing(tx, channel.Id, tx.Now);
        }
        else if (!outcome.IsUnreachable && channel.FailingSince is not null)
        {
            ChannelStore.SetFailing(tx, channel.Id, null);
            DeliveryStore.Hasten(tx, channel.Id);
        }
    }
}
