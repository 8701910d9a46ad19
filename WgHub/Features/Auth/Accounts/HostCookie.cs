using WgHub.Web;

namespace WgHub.Features.Auth.Accounts;

/// <summary>A cookie of the hub's own that scripts do not see, by the name that <see cref="CookieName"/> gives it.</summary>
/// <param name="maxAge">Null for one that goes with the browser's window.</param>
internal sealed class HostCookie(string name, SameSiteMode sameSite, TimeSpan? maxAge = null)
{
    public string? Read(HttpRequest request) => request.Cookies[request.NameOfCookie(name)];

    public void Set(HttpContext context, string value)
    {
        var options = OptionsFor(context.Request);
        options.MaxAge = maxAge;
        context.Response.Cookies.Append(context.Request.NameOfCookie(name), value, options);
    }

    public void Clear(HttpContext context) => context.Response.Cookies.Delete(context.Request.NameOfCookie(name), OptionsFor(context.Request));

    private CookieOptions OptionsFor(HttpRequest request) =>
        new() { HttpOnly = true, Secure = request.IsHttps, SameSite = sameSite, Path = "/", IsEssential = true };
}
