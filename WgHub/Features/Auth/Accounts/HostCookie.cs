namespace WgHub.Features.Auth.Accounts;

/// <summary>
/// A cookie that scripts do not see. Over https it carries the <c>__Host-</c> prefix: no other host can set it, and it never leaves encryption.
/// </summary>
/// <param name="maxAge">Null for one that goes with the browser's window.</param>
internal sealed class HostCookie(string name, SameSiteMode sameSite, TimeSpan? maxAge = null)
{
    public string? Read(HttpRequest request) => request.Cookies[NameFor(request, name)];

    public void Set(HttpContext context, string value)
    {
        var options = OptionsFor(context.Request);
        options.MaxAge = maxAge;
        context.Response.Cookies.Append(NameFor(context.Request, name), value, options);
    }

    public void Clear(HttpContext context) => context.Response.Cookies.Delete(NameFor(context.Request, name), OptionsFor(context.Request));

    public static string NameFor(HttpRequest? request, string name) => request?.IsHttps == true ? $"__Host-{name}" : name;

    private CookieOptions OptionsFor(HttpRequest request) =>
        new() { HttpOnly = true, Secure = request.IsHttps, SameSite = sameSite, Path = "/", IsEssential = true };
}
