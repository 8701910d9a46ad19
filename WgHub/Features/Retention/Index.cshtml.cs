using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Retention;

/// <summary>The rules, and what they would take away now.</summary>
[Authorize(Policy = Access.Admin)]
[Confirmed]
internal sealed class IndexModel(RetentionService service, TimeProvider time) : PageModel
{
    public RetentionOptions Rules => service.Rules;

    public DateTimeOffset? LastRun => service.LastRun;

    public DateTimeOffset Now => time.GetUtcNow();

    public IReadOnlyList<RetentionItem> Items { get; private set; } = [];

    public void OnGet() => Items = service.Look();

    [AsksFirst("Run the rules now?", "What is listed is taken away or switched off. What is taken away does not come back.", "Run them")]
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (await this.TryAsync(() => service.RunAsync(isByItself: false, HttpContext.ToActor(), cancellationToken)))
        {
            return RedirectToPage();
        }

        OnGet();
        return Page();
    }
}
