namespace WgHub.Features.Audit;

/// <summary>Who does something, for the audit log.</summary>
/// <param name="Name"><c>user:NAME</c>, <c>api:NAME</c>, <c>spoke:NAME</c>, <c>provider</c>, <c>cli</c> or <c>system</c>.</param>
/// <param name="Address">Where the request came from; null for the hub itself.</param>
internal sealed record Actor(string Name, string? Address)
{
    public static readonly Actor System = new("system", null);

    public static readonly Actor Cli = new("cli", null);
}

/// <summary>One change, as it is remembered.</summary>
/// <param name="Event">Noun and verb, such as <c>token.created</c>.</param>
/// <param name="Subject">Id of what changed.</param>
/// <param name="Detail">JSON object; never a secret.</param>
internal sealed record AuditEntry(string Id, DateTimeOffset At, string Actor, string? Address, string Event, string? Subject, string Detail);
