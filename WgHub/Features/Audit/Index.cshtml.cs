using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Web;

namespace WgHub.Features.Audit;

[Authorize(Policy = Access.Viewer)]
internal sealed class IndexModel(AuditLog log, TimeProvider time) : PageModel
{
    /// <summary>From the query alone: the framework has a route value "page" of its own.</summary>
    [BindProperty(SupportsGet = true), FromQuery]
    public AuditFilter Filter { get; set; } = AuditFilter.All;

    public Part<AuditRow> List { get; private set; } = Part<AuditRow>.None;

    public Pager Links => List.Links(page => (Filter with { Page = page }).Href()).ByTime;

    public IReadOnlyList<string> Events { get; private set; } = [];

    public IActionResult OnGet()
    {
        List = log.List(Filter.ToQuery(), Filter.Paging).Select(entry => new AuditRow(entry, time.GetUtcNow()));
        if (!Request.IsHtmx())
        {
            Events = log.Events();
        }

        return this.PageOr("_AuditTable");
    }
}

/// <summary>An entry as the page shows it at one moment.</summary>
internal sealed record AuditRow(AuditEntry Entry, DateTimeOffset Now)
{
    /// <summary>What it tells, such as <c>mtu: 1420 → 1380</c>.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts
    {
        get
        {
            using var detail = JsonDocument.Parse(Entry.Detail);
            return [.. detail.RootElement.EnumerateObject()
                .Where(fact => fact.Value.ValueKind != JsonValueKind.Null)
                .Select(fact => (fact.Name, fact.Value.ToString()))];
        }
    }
}
