namespace WgHub.Features.Auth.Accounts;

/// <summary>The cookie of who is signed in.</summary>
internal static class SessionCookie
{
    // Lax and not Strict: a link from elsewhere into the hub, or the way back from an identity provider, must find the session.
    private static readonly HostCookie Cookie = new("wghub", SameSiteMode.Lax);

    public static SessionKey? Read(HttpRequest request) => SessionKey.Read(Cookie.Read(request));

    public static void Set(HttpContext context, SessionKey key) => Cookie.Set(context, key.Reveal());

    public static void Clear(HttpContext context) => Cookie.Clear(context);
}
