using System.Security.Claims;

namespace WgHub.Features.Auth;

/// <summary>Reads which session a browser's request belongs to; null for a program with a token.</summary>
internal static class CurrentSession
{
    public const string IdClaim = "wghub:session";
    public const string UserIdClaim = "wghub:user";

    public static string? SessionId(this ClaimsPrincipal user) => user.FindFirstValue(IdClaim);

    public static string? UserId(this ClaimsPrincipal user) => user.FindFirstValue(UserIdClaim);
}
