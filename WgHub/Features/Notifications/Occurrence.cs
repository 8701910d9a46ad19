namespace WgHub.Features.Notifications;

/// <summary>An event that has happened, wherever it is kept.</summary>
internal sealed record Occurrence
{
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required NotifiedEvent Event { get; init; }

    /// <summary>Null when there is no one thing that it happened to.</summary>
    public string? SubjectId { get; init; }

    public string? SubjectName { get; init; }

    /// <summary>Group of the spoke that it is about; null for none.</summary>
    public string? Group { get; init; }

    /// <summary>Who is the cause, as the audit log names it.</summary>
    public string Actor { get; init; } = "system";

    /// <summary>JSON object; never a secret.</summary>
    public string Detail { get; init; } = "{}";
}

/// <summary>Up to where somebody was told of both lists: of the audit log, and of what is no entry of it.</summary>
internal readonly record struct EventCursor(long Audit, long Happening);
