namespace WgHub.Features.Auth.Accounts;

/// <summary>The browser's cookie. Over https it carries the <c>__Host-</c> prefix: no other host can set it, and it never leaves encryption.</summary>
internal static class SessionCookie
{
    public static SessionKey? Read(HttpRequest request) => SessionKey.Read(request.Cookies[NameFor(request)]);

    public static void Set(HttpContext context, SessionKey key) =>
        context.Response.Cookies.Append(NameFor(context.Request), key.Reveal(), OptionsFor(context.Request));

    public static void Clear(HttpContext context) => context.Response.Cookies.Delete(NameFor(context.Request), OptionsFor(context.Request));

    // Lax and not Strict: a link from elsewhere into the hub, or the way back from an identity provider, must find the session.
    private static CookieOptions OptionsFor(HttpRequest request) =>
        new() { HttpOnly = true, Secure = request.IsHttps, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };

    private static string NameFor(HttpRequest request) => request.IsHttps ? "__Host-wghub" : "wghub";
}
