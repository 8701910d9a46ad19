using System.Security.Claims;
using WgHub.Features.Audit;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Accounts;

/// <summary>Reads which session a browser's request belongs to; null for a program with a token.</summary>
internal static class CurrentSession
{
    public const string UserIdClaim = "wghub:user";

    public static string? UserId(this ClaimsPrincipal user) => user.FindFirstValue(UserIdClaim);

    /// <exception cref="AppException">NOT_FOUND for a program: a token has no account.</exception>
    public static CurrentBrowser Me(this HttpContext context) =>
        context.User.UserId() is { } userId && context.User.SessionId() is { } sessionId
            ? new(userId, sessionId, context.ToActor(), Visitor.Of(context))
            : throw WebErrors.NotFound("account");
}

/// <summary>Somebody who is signed in and does something with their own account.</summary>
internal sealed record CurrentBrowser(string UserId, string SessionId, Actor Actor, Visitor Visitor);
