using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Notifications;

/// <summary>One channel: what it is told, and what became of it.</summary>
[Authorize(Policy = Access.Admin)]
internal sealed class ChannelModel(ChannelStore channels, DeliveryStore deliveries, NotificationService service, TimeProvider time) : PageModel
{
    private const int Shown = 20;

    [BindProperty]
    public ChannelFields Fields { get; set; } = new();

    public ChannelDto Channel { get; private set; } = null!; // each handler loads it first

    public IReadOnlyList<Delivery> Last { get; private set; } = [];

    public IReadOnlyList<Delivery> Dead { get; private set; } = [];

    /// <summary>What was done just now; null for nothing.</summary>
    public string? Said { get; private set; }

    /// <summary>What a test came to; null when there was none.</summary>
    public Outcome? Tested { get; private set; }

    /// <summary>Shown this once.</summary>
    public Secret? Secret { get; private set; }

    public DateTimeOffset Now => time.GetUtcNow();

    public void OnGet(string id) => Show(id);

    public async Task<IActionResult> OnPostAsync(string id, CancellationToken cancellationToken)
    {
        var isSaved = await this.TryAsync(() => service.ChangeAsync(id, Fields.ToWish(), HttpContext.ToActor(), cancellationToken));
        Load(id);
        Fields.IsNew = false;
        Said = isSaved ? "Saved." : null;
        return Page();
    }

    public async Task<IActionResult> OnPostTestAsync(string id, CancellationToken cancellationToken)
    {
        await this.TryAsync(async () => Tested = await service.TestAsync(id, cancellationToken));
        return Again(id);
    }

    public async Task<IActionResult> OnPostReplayAsync(string id, string? delivery, CancellationToken cancellationToken)
    {
        var isDone = await this.TryAsync(() => service.ReplayAsync(id, delivery, HttpContext.ToActor(), cancellationToken));
        Said = isDone ? "They are on their way again." : null;
        return Again(id);
    }

    public async Task<IActionResult> OnPostSecretAsync(string id, CancellationToken cancellationToken)
    {
        await this.TryAsync(async () => Secret = await service.RotateAsync(id, HttpContext.ToActor(), cancellationToken));
        return Again(id);
    }

    [AsksFirst("Remove this channel?", "Nobody is told of anything by it any more, and what waits to be told is lost.", "Remove")]
    public async Task<IActionResult> OnPostRemoveAsync(string id, CancellationToken cancellationToken) =>
        await this.TryAsync(() => service.RemoveAsync(id, HttpContext.ToActor(), cancellationToken)) ? Redirect("/notifications") : Again(id);

    private PageResult Again(string id)
    {
        ModelState.Remove("id");
        Show(id);
        return Page();
    }

    private void Show(string id) => Fields = ChannelFields.From(Load(id));

    /// <exception cref="AppException">NOT_FOUND.</exception>
    private Channel Load(string id)
    {
        var channel = channels.Find(id) ?? throw NotificationErrors.NotFound();
        Channel = ChannelDto.From(channel, deliveries.Counts());
        Last = deliveries.List(id, null, Shown);
        Dead = deliveries.List(id, Delivery.Dead, Shown);
        return channel;
    }
}
