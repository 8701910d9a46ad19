using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Hub;
using WgHub.Features.Scripts;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Web;

namespace WgHub.Features.Enrolment;

/// <summary>A new key for a spoke: says what that means, then shows the line once.</summary>
[Authorize(Policy = Access.Operator)]
internal sealed class ReenrolModel(SpokeStore spokes, ReenrolmentTokens tokens, HubStore hubs, InstallLines lines, Limits limits) : PageModel
{
    [BindProperty]
    public int? ExpiresInHours { get; set; } = ReenrolmentTokens.DefaultHours;

    public Spoke Spoke { get; private set; } = null!; // each handler loads it first

    /// <summary>The token that this very request made.</summary>
    public Token? Made { get; private set; }

    public InstallLine? Lines { get; private set; }

    /// <summary>The line by which a machine that is connected exchanges its key without a break; null where there is none.</summary>
    public string? Exchange => Spoke.Os switch
    {
        Platforms.Linux or Platforms.Proxmox or Platforms.MacOS => lines.At(HttpContext).Rotate,
        Platforms.Windows => lines.At(HttpContext).RotateOnWindows(hubs.Required().TunnelAddress),
        _ => null,
    };

    public void OnGet(string id) => Spoke = spokes.Find(id) ?? throw SpokeErrors.NotFound();

    public async Task<IActionResult> OnPostAsync(string id, CancellationToken cancellationToken)
    {
        OnGet(id);
        await this.TryAsync(async () =>
        {
            var here = lines.At(HttpContext);
            (Made, var secret) = await limits.TakeAsync(
                TokensRoom.NewTokens, HttpContext, () => tokens.CreateAsync(id, ExpiresInHours, HttpContext.ToActor(), cancellationToken));
            Lines = here.For(secret.Reveal());
        });
        return Page();
    }
}
