using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Notifications;

/// <summary>The table of channels. Methods that take a transaction run inside the caller's.</summary>
internal sealed class ChannelStore(Database database, MasterKey masterKey)
{
    /// <summary>All, by name.</summary>
    public IReadOnlyList<Channel> All() => database.Read(All);

    public static IReadOnlyList<Channel> All(Tx tx) => tx.Query($"select {Channel.Columns} from notification_channels order by name_key", Channel.Map);

    public static Channel? Find(Tx tx, string id) => tx.First($"select {Channel.Columns} from notification_channels where id = {id}", Channel.Map);

    public Channel? Find(string id) => database.Read(tx => Find(tx, id));

    public static string? NameOf(Tx tx, string id) => tx.First($"select name from notification_channels where id = {id}", row => row.Text("name"));

    /// <returns>False when the name is another's.</returns>
    public bool TryAdd(Tx tx, Channel channel, Secret? secret) => tx.Execute(
        $"""
        insert into notification_channels (id, name, name_key, kind, target, sealed_secret, events, least_level, group_names, quiet, enabled,
            audit_sequence, happening_sequence, created_at)
        values ({channel.Id}, {channel.Name}, {channel.Key}, {channel.Kind}, {channel.Target}, {Seal(channel.Id, secret)}, {channel.Events.Stored},
            {LevelOf(channel)}, {GroupsOf(channel)}, {QuietOf(channel)}, {channel.Enabled}, {channel.Cursor.Audit}, {channel.Cursor.Happening},
            {channel.CreatedAt})
        on conflict do nothing
        """) == 1;

    /// <summary>What people change.</summary>
    public static void Update(Tx tx, Channel channel) => tx.Execute(
        $"""
        update notification_channels set name = {channel.Name}, name_key = {channel.Key}, target = {channel.Target}, events = {channel.Events.Stored},
            least_level = {LevelOf(channel)}, group_names = {GroupsOf(channel)}, quiet = {QuietOf(channel)}, enabled = {channel.Enabled},
            stopped = {channel.Stopped}
        where id = {channel.Id}
        """);

    /// <summary>Another secret signs from now on, and the one before it until <paramref name="formerUntil"/> too.</summary>
    public void Rotate(Tx tx, Channel channel, Secret secret, DateTimeOffset formerUntil)
    {
        var former = SealedColumns.FormerWebhookSecret.Seal(masterKey, channel.Id, Open(SealedColumns.WebhookSecret, channel, channel.SealedSecret!));
        tx.Execute(
            $"""
            update notification_channels set sealed_secret = {Seal(channel.Id, secret)}, sealed_former_secret = {former}, former_until = {formerUntil}
            where id = {channel.Id}
            """);
    }

    /// <summary>What signs now, the newest first.</summary>
    /// <exception cref="StorageException">The master key does not open one.</exception>
    public IReadOnlyList<Secret> SecretsOf(Channel channel, DateTimeOffset now) =>
    [
        .. channel.SealedSecret is { } one ? [Open(SealedColumns.WebhookSecret, channel, one)] : Array.Empty<Secret>(),
        .. channel.SealedFormerSecret is { } former && channel.FormerUntil > now
            ? [Open(SealedColumns.FormerWebhookSecret, channel, former)] : Array.Empty<Secret>(),
    ];

    public static void Remove(Tx tx, string id) => tx.Execute($"delete from notification_channels where id = {id}");

    /// <returns>False when somebody else moved it, or it is gone: then nothing may follow.</returns>
    public static bool TryMove(Tx tx, Channel channel, EventCursor to) => tx.Execute(
        $"""
        update notification_channels set audit_sequence = {to.Audit}, happening_sequence = {to.Happening}
        where id = {channel.Id} and audit_sequence = {channel.Cursor.Audit} and happening_sequence = {channel.Cursor.Happening}
        """) == 1;

    public static void SetFailing(Tx tx, string id, DateTimeOffset? since) =>
        tx.Execute($"update notification_channels set failing_since = {since} where id = {id}");

    public static void Stop(Tx tx, string id, string why) => tx.Execute($"update notification_channels set enabled = {false}, stopped = {why} where id = {id}");

    private string? Seal(string id, Secret? secret) => secret is null ? null : SealedColumns.WebhookSecret.Seal(masterKey, id, secret);

    private Secret Open(SealedColumn column, Channel channel, string text) => column.Open(masterKey, channel.Id, text);

    private static string? LevelOf(Channel channel) => channel.LeastLevel is { } level ? NotifiedEvent.NameOf(level) : null;

    private static string GroupsOf(Channel channel) => string.Join(',', channel.Groups);

    private static string QuietOf(Channel channel) => channel.Quiet?.ToString() ?? "";
}
