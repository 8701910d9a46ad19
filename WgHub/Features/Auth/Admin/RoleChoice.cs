using Microsoft.AspNetCore.Mvc.Rendering;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>The roles as a form offers them, each with what it lets somebody do.</summary>
internal static class RoleChoice
{
    public static IEnumerable<SelectListItem> All =>
    [
        new("Viewer: reads", Roles.Viewer),
        new("Operator: also makes tokens, changes and removes spokes", Roles.Operator),
        new("Administrator: also the hub, users, API tokens and sign-in", Roles.Admin),
    ];

    /// <summary>The same of a program, which makes no accounts and no other tokens whatever its role.</summary>
    public static IEnumerable<SelectListItem> OfPrograms =>
        [.. All.SkipLast(1), new("Administrator: also the hub, its key, and taking over other tools' spokes", Roles.Admin)];
}
