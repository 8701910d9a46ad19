using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Accounts;

/// <summary>
/// Finds out who calls: a program by <c>Authorization: Bearer wgh_…</c>, a browser by its session cookie, a command of this machine by the
/// socket that it came over. A bearer token that is wrong is never made up for by another way.
/// </summary>
internal sealed class CallerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiTokenStore tokens, ApiTokenUse use,
    SessionStore sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "WgHub";

    /// <summary>On the identity of a caller that came by cookie: its changes need the antiforgery header.</summary>
    public const string ByCookie = "cookie";

    private const string ByToken = "token";
    private const string ByControl = "control";
    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is [{ } header, ..])
        {
            var text = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : "";
            if (!ApiTokenSecret.TryParse(text, out var secret) || tokens.Find(secret) is not { } token)
            {
                return Task.FromResult(AuthenticateResult.Fail("No such API token."));
            }

            use.Saw(token);
            Claim[] maker = token.UserId is { } id ? [new(CurrentUser.RightsClaim, id)] : [];
            return Task.FromResult(Success(ByToken, $"api:{token.Name}", token.Name, token.Role, maker));
        }

        if (Context.IsControl())
        {
            return Task.FromResult(Success(ByControl, Actor.Cli.Name, Actor.Cli.Name, Roles.Admin));
        }

        return Task.FromResult(SessionCookie.Read(Request) is { } key && sessions.Find(key) is { } session
            ? Success(ByCookie, session.User.ActorName, session.User.Name, session.User.Role, ClaimsOf(session))
            : AuthenticateResult.NoResult());
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (Request.IsApi())
        {
            Response.Headers.WWWAuthenticate = "Bearer";
            return Context.WriteProblemAsync(AuthErrors.NotSignedIn());
        }

        var signIn = $"/signin?returnUrl={Uri.EscapeDataString(HttpMethods.IsGet(Request.Method) ? Request.Path + Request.QueryString : "/")}";
        if (Request.IsHtmx())
        {
            // A fragment cannot be signed in to: the whole page goes there.
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            Response.Htmx(headers => headers.Redirect("/signin"));
        }
        else
        {
            Response.Redirect(signIn);
        }

        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Request.IsApi() ? Context.WriteProblemAsync(AuthErrors.Forbidden())
        : Context.User.RoleName() == User.NoRole ? ErrorPage.WriteAsync(Context, AuthErrors.NoRole(Context.User.Identity?.Name), ("Sign out", "/signout"))
        : ErrorPage.WriteAsync(Context, AuthErrors.Forbidden());

    private static Claim[] ClaimsOf(Session session) =>
    [
        new(CurrentUser.SessionClaim, session.Id),
        new(CurrentSession.UserIdClaim, session.User.Id),
        new(CurrentUser.RightsClaim, session.User.Id),
        new(Confirmation.ClaimType, session.ConfirmedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
    ];

    private static AuthenticateResult Success(string way, string actor, string name, string role, params ReadOnlySpan<Claim> more) =>
        AuthenticateResult.Success(new(
            new ClaimsPrincipal(
                new ClaimsIdentity([new(ClaimTypes.NameIdentifier, actor), new(ClaimTypes.Name, name), new(ClaimTypes.Role, role), .. more], way)),
            SchemeName));
}
