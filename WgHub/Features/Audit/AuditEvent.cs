namespace WgHub.Features.Audit;

/// <summary>Something that can happen and is remembered.</summary>
/// <param name="Name">Noun and verb, such as <c>token.created</c>; part of the API, like a code.</param>
/// <param name="Level">As which the log tells it.</param>
/// <param name="Of">What kind of thing it happens to.</param>
/// <param name="Sentence">What happened, for a person.</param>
internal sealed record AuditEvent(string Name, LogLevel Level, SubjectKind Of, string Sentence)
{
    /// <summary>The name in the log, where a dot would part it.</summary>
    public string LogName => Name.Replace('.', '_');
}
