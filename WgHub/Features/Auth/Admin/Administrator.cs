using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>Who changes an account.</summary>
/// <param name="UserId">Their own account; null for a command on the machine.</param>
/// <param name="SessionId">The session they do it in: it stays when the others end.</param>
internal sealed record Administrator(string? UserId, string? SessionId, Actor Actor)
{
    public static readonly Administrator Cli = new(null, null, Actor.Cli);

    public static Administrator Of(HttpContext context) => new(context.User.UserId(), context.User.SessionId(), context.ToActor());
}
