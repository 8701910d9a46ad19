using System.Security.Claims;

namespace WgHub.Web;

/// <summary>Reads who is signed in.</summary>
internal static class CurrentUser
{
    public static string? RoleName(this ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.Role);

    public static int RoleRank(this ClaimsPrincipal user) => Roles.Rank(user.RoleName());

    public static bool May(this ClaimsPrincipal user, string role) => user.RoleRank() >= Roles.Rank(role);

    /// <summary>As the audit log names the caller, such as <c>user:alice</c>; null when nobody is signed in.</summary>
    public static string? ActorName(this ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.NameIdentifier);
}
