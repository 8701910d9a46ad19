using Microsoft.Extensions.Options;
using WgHub.Features.Audit;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Notifications;

/// <summary>Makes, changes and removes channels, and sends anew what they had lost.</summary>
internal sealed class NotificationService(Database database, ChannelStore channels, Courier courier, IOptions<NotificationOptions> options, TimeProvider time)
{
    /// <summary>So long a secret signs too after another was made.</summary>
    public static readonly TimeSpan FormerLife = TimeSpan.FromHours(24);

    /// <returns>The channel, and what signs its webhooks: shown this once. Null for mail.</returns>
    /// <exception cref="AppException">VALIDATION_FAILED, NAME_IN_USE.</exception>
    public Task<(Channel Made, Secret? Secret)> CreateAsync(ChannelWish wish, Actor actor, CancellationToken cancellationToken)
    {
        var wanted = wish.Read(null, options.Value.Reach);
        var secret = wanted.Kind == Channel.Webhook ? WebhookSecret.New() : null;
        return database.WriteAsync(
            actor,
            tx =>
            {
                if (ChannelStore.All(tx).Count >= NotificationErrors.MostChannels)
                {
                    throw NotificationErrors.TooMany();
                }

                var channel = wanted with { Id = Guid.CreateVersion7(tx.Now).ToString(), CreatedAt = tx.Now, Cursor = EventReader.Head(tx) };
                if (!channels.TryAdd(tx, channel, secret))
                {
                    throw NotificationErrors.NameInUse(channel.Name);
                }

                tx.Audit(AuditEvents.NotificationCreated, channel.Subject, ("kind", channel.Kind), ("target", PlaceOf(channel)), ("events", Told(channel)));
                return (channel, secret);
            },
            cancellationToken);
    }

    /// <exception cref="AppException">NOT_FOUND, VALIDATION_FAILED, NAME_IN_USE.</exception>
    public Task<Channel> ChangeAsync(string id, ChannelWish wish, Actor actor, CancellationToken cancellationToken) => database.WriteAsync(
        actor,
        tx =>
        {
            var before = ChannelStore.Find(tx, id) ?? throw NotificationErrors.NotFound();
            var after = wish.Read(before, options.Value.Reach);
            if (after.Key != before.Key && ChannelStore.All(tx).Any(other => other.Key == after.Key))
            {
                throw NotificationErrors.NameInUse(after.Name);
            }

            var differences = Differences(before, after).ToArray();
            if (differences.Length > 0)
            {
                ChannelStore.Update(tx, after);
                tx.Audit(AuditEvents.NotificationChanged, after.Subject, differences);
            }

            return ChannelStore.Find(tx, id)!;
        },
        cancellationToken);

    /// <summary>With all that it had not told.</summary>
    /// <exception cref="AppException">NOT_FOUND.</exception>
    public Task RemoveAsync(string id, Actor actor, CancellationToken cancellationToken) => database.WriteAsync(
        actor,
        tx =>
        {
            var channel = ChannelStore.Find(tx, id) ?? throw NotificationErrors.NotFound();
            ChannelStore.Remove(tx, id);
            tx.Audit(AuditEvents.NotificationRemoved, channel.Subject, ("kind", channel.Kind), ("target", PlaceOf(channel)));
        },
        cancellationToken);

    /// <summary>Tells the channel something now, whether it is switched on or not. Answers when that has come through or failed.</summary>
    /// <exception cref="AppException">NOT_FOUND.</exception>
    public Task<Outcome> TestAsync(string id, CancellationToken cancellationToken) => courier.SendAsync(
        channels.Find(id) ?? throw NotificationErrors.NotFound(), Delivery.NewId(), Message.Test(time.GetUtcNow()), cancellationToken);

    /// <summary>Another secret; the one before signs too for <see cref="FormerLife"/>.</summary>
    /// <exception cref="AppException">NOT_FOUND; VALIDATION_FAILED: mail has none.</exception>
    public Task<Secret> RotateAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        var secret = WebhookSecret.New();
        return database.WriteAsync(
            actor,
            tx =>
            {
                var channel = ChannelStore.Find(tx, id) ?? throw NotificationErrors.NotFound();
                channels.Rotate(tx, channel.SealedSecret is null ? throw NotificationErrors.NoSecret() : channel, secret, tx.Now + FormerLife);
                tx.Audit(AuditEvents.NotificationChanged, channel.Subject, ("secret", "another"));
                return secret;
            },
            cancellationToken);
    }

    /// <summary>Dead letters wait again, with the ids that they had.</summary>
    /// <param name="delivery">Null for all of the channel.</param>
    /// <returns>How many.</returns>
    /// <exception cref="AppException">NOT_FOUND.</exception>
    public Task<int> ReplayAsync(string id, string? delivery, Actor actor, CancellationToken cancellationToken) => database.WriteAsync(
        actor,
        tx =>
        {
            var channel = ChannelStore.Find(tx, id) ?? throw NotificationErrors.NotFound();
            var count = DeliveryStore.Replay(tx, id, delivery);
            if (count == 0 && delivery is not null)
            {
                throw NotificationErrors.NoDeadLetter();
            }

            if (count > 0)
            {
                tx.Audit(AuditEvents.NotificationReplayed, channel.Subject, ("letters", FormattableString.Invariant($"{count}")));
            }

            return count;
        },
        cancellationToken);

    /// <summary>What everybody may read: the rest of an address is a secret at many receivers.</summary>
    private static string PlaceOf(Channel channel) => channel.Kind == Channel.Mail ? channel.Target : new Uri(channel.Target).Authority;

    private static string Told(Channel channel) =>
        string.Join(", ", channel.LeastLevel is { } level ? channel.Events.Names.Append($"from {NotifiedEvent.NameOf(level)} on") : channel.Events.Names);

    private static IEnumerable<(string, string?)> Differences(Channel before, Channel after) =>
        new[]
        {
            ("name", before.Name, after.Name), ("events", Told(before), Told(after)),
            ("groups", string.Join(", ", before.Groups), string.Join(", ", after.Groups)),
            ("quiet", before.Quiet?.ToString() ?? "", after.Quiet?.ToString() ?? ""),
        }
        .Where(each => each.Item2 != each.Item3)
        .Select(each => (each.Item1, (string?)$"{each.Item2} → {each.Item3}"))
        .Concat(before.Target == after.Target ? [] : [("target", $"{PlaceOf(before)} → {PlaceOf(after)}")])
        .Concat(before.Enabled == after.Enabled ? [] : [("enabled", after.Enabled ? "true" : "false")]);
}
