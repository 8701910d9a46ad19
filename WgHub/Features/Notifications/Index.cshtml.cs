using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using WgHub.Features.Audit;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Notifications;

/// <summary>Who is told of what.</summary>
[Authorize(Policy = Access.Admin)]
internal sealed class IndexModel(
    ChannelStore channels, DeliveryStore deliveries, NotificationService service, IOptions<MailOptions> mail, TimeProvider time) : PageModel
{
    [BindProperty]
    public ChannelFields Fields { get; set; } = new();

    public IReadOnlyList<ChannelDto> List { get; private set; } = [];

    /// <summary>The one that was made just now, with what signs its webhooks.</summary>
    public (Channel Made, Secret? Secret)? Fresh { get; private set; }

    public bool HasMail => mail.Value.IsSet;

    public DateTimeOffset Now => time.GetUtcNow();

    public void OnGet()
    {
        var counts = deliveries.Counts();
        List = [.. channels.All().Select(channel => ChannelDto.From(channel, counts))];
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (await this.TryAsync(async () => Fresh = await service.CreateAsync(Fields.ToWish(), HttpContext.ToActor(), cancellationToken)))
        {
            ModelState.Clear();
            Fields = new();
        }

        OnGet();
        return Page();
    }
}
