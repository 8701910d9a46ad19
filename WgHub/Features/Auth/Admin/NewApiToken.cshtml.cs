using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>Makes an API token and shows its secret in this one answer. A token outlives a session, so a browser left alone must not give one.</summary>
[Authorize(Policy = InPerson.Admin), Confirmed(AlsoToRead = true)]
internal sealed class NewApiTokenModel(ApiTokenService service) : PageModel
{
    public static IEnumerable<SelectListItem> Lives =>
        [new("7 days", "7d"), new("30 days", "30d"), new("90 days", "90d"), new("1 year", "365d"), new("Never", "")];

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Role { get; set; } = Roles.Viewer;

    /// <summary>Such as <c>30d</c>; empty for never.</summary>
    [BindProperty]
    public string? Expires { get; set; } = "90d";

    /// <summary>The token that this very request made.</summary>
    public ApiToken? Made { get; private set; }

    public ApiTokenSecret? Secret { get; private set; }

    public Task OnPostAsync(CancellationToken cancellationToken) =>
        this.TryAsync(async () => (Made, Secret) = await service.CreateAsync(Name, Role, Expires, Administrator.Of(HttpContext), cancellationToken));
}
