using WgHub.Features.Audit;

namespace WgHub.Features.Notifications;

/// <summary>How loud an event is.</summary>
internal enum EventLevel
{
    Info,
    Warning,

    /// <summary>Quiet hours do not hold it.</summary>
    Critical,
}

/// <summary>Something that people can be told of.</summary>
/// <param name="Name">Noun and verb, such as <c>spoke.disconnected</c>; part of the API.</param>
/// <param name="Of">What kind of thing it happens to.</param>
/// <param name="Sentence">What happened, for a person.</param>
internal sealed record NotifiedEvent(string Name, EventLevel Level, SubjectKind Of, string Sentence)
{
    /// <summary>The level as programs write it.</summary>
    public string LevelName => NameOf(Level);

    /// <summary>All levels, the quietest first.</summary>
    public static IReadOnlyList<EventLevel> Levels { get; } = [EventLevel.Info, EventLevel.Warning, EventLevel.Critical];

    public static string NameOf(EventLevel level) => level switch
    {
        EventLevel.Critical => "critical",
        EventLevel.Warning => "warning",
        _ => "info",
    };

    public static bool TryParseLevel(string? text, out EventLevel level)
    {
        level = Levels.FirstOrDefault(one => NameOf(one) == text);
        return NameOf(level) == text;
    }
}
