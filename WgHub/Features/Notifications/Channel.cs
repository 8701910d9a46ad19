using WgHub.Features.Audit;
using WgHub.Storage;

namespace WgHub.Features.Notifications;

/// <summary>Somebody who is told of events, and of which.</summary>
internal sealed record Channel
{
    public const string Mail = "mail";
    public const string Webhook = "webhook";

    public static readonly SqlPart Columns = new(
        """
        id, name, kind, target, sealed_secret, sealed_former_secret, former_until, events, least_level, group_names, quiet, enabled, stopped,
        failing_since, audit_sequence, happening_sequence, created_at
        """);

    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary><see cref="Mail"/> or <see cref="Webhook"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Mail addresses by comma, or an address for webhooks.</summary>
    public required string Target { get; init; }

    public EventChoice Events { get; init; } = EventChoice.Nothing;

    /// <summary>All events from this level on; null for the named ones alone.</summary>
    public EventLevel? LeastLevel { get; init; }

    /// <summary>Of whose spokes; empty for all, and for what is about no spoke.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Null for never.</summary>
    public QuietHours? Quiet { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>Why the hub itself switched it off; null when it did not.</summary>
    public string? Stopped { get; init; }

    /// <summary>Since when it cannot be reached; null when the last try came through.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    public EventCursor Cursor { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null for mail.</summary>
    public string? SealedSecret { get; init; }

    /// <summary>The secret before, while it signs too.</summary>
    public string? SealedFormerSecret { get; init; }

    public DateTimeOffset? FormerUntil { get; init; }

    public string Key => KeyOf(Name);

    public Subject Subject => new(Id, Name);

    /// <summary>True when it is to be told. Nobody is told of themselves: a channel that fails would never come to an end.</summary>
    public bool Wants(Occurrence one) =>
        !(one.Event.Of == SubjectKind.Channel && one.SubjectId == Id)
        && (one.Event.Level >= LeastLevel || Events.Has(one.Event))
        && (Groups.Count == 0 || (one.Group is { } group && Groups.Contains(group, StringComparer.OrdinalIgnoreCase)));

    public static string KeyOf(string name) => name.ToUpperInvariant();

    public static Channel Map(Row row) => new()
    {
        Id = row.Text("id"),
        Name = row.Text("name"),
        Kind = row.Text("kind"),
        Target = row.Text("target"),
        SealedSecret = row.TextOrNull("sealed_secret"),
        SealedFormerSecret = row.TextOrNull("sealed_former_secret"),
        FormerUntil = row.TimeOrNull("former_until"),
        Events = EventChoice.FromStored(row.Text("events")),
        LeastLevel = row.TextOrNull("least_level") is { } level && NotifiedEvent.TryParseLevel(level, out var least) ? least : null,
        Groups = row.Text("group_names").Split(',', StringSplitOptions.RemoveEmptyEntries),
        Quiet = QuietHours.FromStored(row.Text("quiet")),
        Enabled = row.Flag("enabled"),
        Stopped = row.TextOrNull("stopped"),
        FailingSince = row.TimeOrNull("failing_since"),
        Cursor = new(row.Number("audit_sequence"), row.Number("happening_sequence")),
        CreatedAt = row.Time("created_at"),
    };
}
