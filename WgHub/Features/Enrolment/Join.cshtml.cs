using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Tokens;
using WgHub.Web;

namespace WgHub.Features.Enrolment;

/// <summary>
/// What somebody without an account opens to connect a device: the link holds the token. The browser makes the key pair and registers
/// its public half (<c>wwwroot/join.js</c>); or the device makes it, and its public half comes by a form, which needs no script.
/// </summary>
[AllowAnonymous]
[SmallBody]
[SecretInPath("token")]
internal sealed class JoinModel(TokenDoor door, Registration registration, SpokeAnswer answer, Limits limits) : PageModel
{
    [BindProperty]
    public string? PublicKey { get; set; }

    /// <summary>One of <see cref="OwnKeyDevice"/>.</summary>
    [BindProperty]
    public string? Device { get; set; }

    /// <summary>Null when the link leads to none, or to a cluster's.</summary>
    public Token? Token => Open?.Token;

    /// <summary>As it stands in the link; null for what is none.</summary>
    public TokenSecret? Secret { get; private set; }

    /// <summary>What the device that brought its own key is told, with its preshared key: shown in this one answer.</summary>
    public string? Snippet { get; private set; }

    public TokenState? State => Open?.State;

    /// <summary>
    /// True while it makes sense to try: also after a failure of the hub's, when the token is bound to the key and the same key is taken again.
    /// </summary>
    public bool IsOpen => State == TokenState.Pending || Response.StatusCode == StatusCodes.Status503ServiceUnavailable;

    public IActionResult OnGet(string token)
    {
        limits.Take(EnrolmentRoom.Scripts, HttpContext);
        Find(token);
        Response.StatusCode = State switch
        {
            TokenState.Pending => StatusCodes.Status200OK,
            null => StatusCodes.Status404NotFound,
            _ => StatusCodes.Status401Unauthorized,
        };
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string token, CancellationToken cancellationToken)
    {
        limits.Take(EnrolmentRoom.Registrations, HttpContext);
        Find(token);
        await this.TryAsync(() => RegisterAsync(cancellationToken));
        return Page();
    }

    private OpenSpokeToken? Open { get; set; }

    private void Find(string token) =>
        (Open, Secret) = TokenSecret.TryParse(token, out var secret) ? (door.Find(secret) as OpenSpokeToken, secret) : (null, null);

    private async Task RegisterAsync(CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        var device = checks.Required<OwnKeyDevice>("device", Device, OwnKeyDevice.TryParse, OwnKeyDevice.Rule);
        checks.ThrowIfAny();

        // A key is 44 characters; what is pasted may have a line's end.
        var request = new RegisterSpoke((Secret ?? throw TokenErrors.NotFound()).Reveal(), PublicKey?.Trim(), device.Os);
        var registered = await registration.RegisterAsync(request, HttpContext.Connection.RemoteIpAddress?.ToString(), cancellationToken);
        Snippet = answer.TextFor(device, registered);
    }
}
