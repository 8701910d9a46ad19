using System.Globalization;
using WgHub.Web;

namespace WgHub.Features.Audit;

/// <summary>Which part of the log the page shows: the query of its address.</summary>
/// <param name="Q">Part of the actor, the address, the subject or the detail.</param>
/// <param name="Since">From the beginning of this day, UTC.</param>
/// <param name="Until">To the end of this day, UTC.</param>
/// <param name="Page">From 1; null for 1.</param>
internal sealed record AuditFilter(string? Q, string? Event, DateOnly? Since, DateOnly? Until, int? Page)
{
    public const int PageSize = 50;

    /// <inheritdoc cref="AuditQuery.Subject"/>
    public string? Subject { get; init; }

    /// <summary>As the log names whoever did it, such as <c>user:ada</c>.</summary>
    public string? Actor { get; init; }

    public static readonly AuditFilter All = new(null, null, null, null, null);

    public Paging Paging => Paging.Near(Page, PageSize);

    /// <summary>True when it may leave out entries that there are.</summary>
    public bool IsNarrow => !string.IsNullOrWhiteSpace(Q) || !string.IsNullOrEmpty(Event) || Since is not null || Until is not null
        || !string.IsNullOrEmpty(Subject) || !string.IsNullOrEmpty(Actor);

    public AuditQuery ToQuery() =>
        new(
            StartOf(Since), StartOf(Until is { } day && day < DateOnly.MaxValue ? day.AddDays(1) : null), OrNull(Actor),
            OrNull(Event), string.IsNullOrWhiteSpace(Q) ? null : Q.Trim())
        {
            Subject = OrNull(Subject),
        };

    /// <summary>The address of this part of the log, with what differs from the plain list alone.</summary>
    public string Href() => ListAddress.Of(
        "/audit",
        ("q", Q), ("event", Event), ("subject", Subject), ("actor", Actor), ("since", Text(Since)), ("until", Text(Until)),
        ("page", Paging.Page == 1 ? null : Paging.Page.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The same entries, on all pages, as a file.</summary>
    public string ExportHref(string format)
    {
        var query = ToQuery();
        return ListAddress.Of(
            "/api/audit/export",
            ("format", format), ("q", query.Q), ("event", query.Event), ("subject", query.Subject), ("actor", query.Actor),
            ("since", query.Since is { } since ? UtcText.Of(since) : null),
            ("until", query.Until is { } until ? UtcText.Of(until) : null));
    }

    /// <summary>What is looked for, as the page says it when nothing is found.</summary>
    /// <param name="subject">In words, where that is known.</param>
    public string Told(string? subject) => string.Join(", ", new[]
    {
        string.IsNullOrWhiteSpace(Q) ? null : $"with “{Q.Trim()}” in it",
        string.IsNullOrEmpty(Subject) ? null : $"about {subject ?? $"“{Subject}”"}",
        string.IsNullOrEmpty(Actor) ? null : $"by {AuditWords.Actor(Actor)}",
        string.IsNullOrEmpty(Event) ? null : $"of the event {Event}",
        Since is null ? null : $"from {Text(Since)}",
        Until is null ? null : $"to {Text(Until)}",
    }.OfType<string>());

    private static string? OrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeOffset? StartOf(DateOnly? day) => day is { } date ? new(date, TimeOnly.MinValue, TimeSpan.Zero) : null;
}
