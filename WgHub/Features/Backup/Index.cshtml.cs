using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using WgHub.Features.Audit;
using WgHub.Web;

namespace WgHub.Features.Backup;

/// <summary>The backups that the hub keeps, and how it stands with them.</summary>
[Authorize(Policy = Access.Admin)]
internal sealed class IndexModel(
    BackupFolder folder, BackupSchedule schedule, BackupState state, BackupService service, IOptions<BackupOptions> options, TimeProvider time) : PageModel
{
    public IReadOnlyList<StoredBackup> List { get; private set; } = [];

    public BackupOptions Settings => options.Value;

    public bool HasRecipient => Settings.Recipient.Length + Settings.PassphraseFile.Length > 0;

    public BackupStanding Standing { get; } = schedule.Look();

    public BackupState State => state;

    public DateTimeOffset Now => time.GetUtcNow();

    public void OnGet() => List = folder.List();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (await this.TryAsync(() => service.MakeAsync(HttpContext.ToActor(), cancellationToken)))
        {
            return RedirectToPage();
        }

        OnGet();
        return Page();
    }
}
