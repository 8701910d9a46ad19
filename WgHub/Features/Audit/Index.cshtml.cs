using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Web;

namespace WgHub.Features.Audit;

[Authorize(Policy = Access.Viewer)]
[TidyAddress]
internal sealed class IndexModel(AuditLog log, AuditSubjects subjects, TimeProvider time) : PageModel
{
    /// <summary>From the query alone: the framework has a route value "page" of its own.</summary>
    [BindProperty(SupportsGet = true), FromQuery]
    public AuditFilter Filter { get; set; } = AuditFilter.All;

    public Part<AuditRow> List { get; private set; } = Part<AuditRow>.None;

    /// <summary>What the list is narrowed to; null when it is not, or nobody ever called anything so.</summary>
    public SubjectView? Subject { get; private set; }

    public Pager Links => List.Links(page => (Filter with { Page = page }).Href()).ByTime;

    /// <summary>The rest of the list, without what it is narrowed to by a link and not by a field.</summary>
    public string WideHref => (Filter with { Subject = null, Actor = null, Page = null }).Href();

    /// <summary>True when older entries were not searched.</summary>
    public bool IsCut { get; private set; }

    public string LookedFor => Filter.Told(Subject?.ToString());

    public IReadOnlyList<AuditEvent> Events { get; private set; } = [];

    public IActionResult OnGet()
    {
        var part = log.List(Filter.ToQuery(), Filter.Paging);
        IsCut = log.IsCut(Filter.ToQuery());
        var about = subjects.Of(part.Rows, User.May);
        List = new([.. part.Rows.Select((entry, row) => new AuditRow(entry, about[row], time.GetUtcNow()))], part.Total, part.Paging);
        if (Filter.ToQuery().Subject is { } subject)
        {
            Subject = subjects.Of(log.List(AuditQuery.About(subject), new(1, 1)).Rows is [var newest] ? newest : null, User.May);
        }

        if (!Request.IsHtmx())
        {
            Events = [.. log.Events().Select(name => AuditEvents.Find(name) ?? new(name, LogLevel.Information, SubjectKind.Unknown, name))];
        }

        return this.PageOr("_AuditTable");
    }
}

/// <summary>An entry as the page shows it at one moment.</summary>
internal sealed record AuditRow(AuditEntry Entry, SubjectView Subject, DateTimeOffset Now)
{
    /// <summary>What happened; the bare name for what an older version knew.</summary>
    public string Sentence => AuditEvents.Find(Entry.Event)?.Sentence ?? Entry.Event;

    public string Who => AuditWords.Actor(Entry.Actor);

    public IReadOnlyList<AuditFact> Facts => AuditWords.Facts(Entry);
}
