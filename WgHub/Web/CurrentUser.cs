using System.Security.Claims;

namespace WgHub.Web;

/// <summary>Reads who is signed in.</summary>
internal static class CurrentUser
{
    /// <summary>Of the session of a browser; a program has none.</summary>
    public const string SessionClaim = "wghub:session";

    /// <summary>The account whose rights the caller uses.</summary>
    public const string RightsClaim = "wghub:rights";

    public static string? SessionId(this ClaimsPrincipal user) => user.FindFirstValue(SessionClaim);

    public static string? RoleName(this ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.Role);

    public static int RoleRank(this ClaimsPrincipal user) => Roles.Rank(user.RoleName());

    public static bool May(this ClaimsPrincipal user, string role) => user.RoleRank() >= Roles.Rank(role);

    /// <summary>Id of the account whose rights the caller uses: a person's own, or the one that made a program's token; null for a command's token.</summary>
    public static string? RightsOf(this ClaimsPrincipal user) => user.FindFirstValue(RightsClaim);

    /// <summary>As the audit log names the caller, such as <c>user:alice</c>; null when nobody is signed in.</summary>
    public static string? ActorName(this ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.NameIdentifier);
}
