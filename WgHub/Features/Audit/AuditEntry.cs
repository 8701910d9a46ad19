namespace WgHub.Features.Audit;

/// <summary>One change, as it is remembered.</summary>
/// <param name="Event">Noun and verb, such as <c>token.created</c>.</param>
/// <param name="Subject">Id of what changed.</param>
/// <param name="Detail">JSON object; never a secret.</param>
internal sealed record AuditEntry(string Id, DateTimeOffset At, string Actor, string? Address, string Event, string? Subject, string Detail);
