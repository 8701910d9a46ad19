namespace WgHub.Web;

/// <summary>
/// What a cookie of this hub is called. Over https it carries the <c>__Host-</c> prefix: no other host can set it, and it never leaves
/// encryption. That wants the whole host as its place, so a hub below a path names the path in it: two hubs on one host do not take each
/// other's for their own.
/// </summary>
internal static class CookieName
{
    /// <param name="name">Such as <c>wghub-known</c>.</param>
    public static string NameOfCookie(this HttpRequest request, string name)
    {
        var prefixed = request.IsHttps ? $"__Host-{name}" : name;
        return request.PathBase.HasValue ? prefixed + request.PathBase.Value.Replace('/', '.') : prefixed;
    }
}
