namespace WgHub.Web;

internal static class Htmx
{
    /// <summary>True when htmx asks for a part of a page.</summary>
    public static bool IsHtmx(this HttpRequest request) => request.Headers.ContainsKey("HX-Request");

    /// <summary>Leads the whole page to another address of this hub.</summary>
    public static void GoTo(this HttpContext context, string path)
    {
        if (context.Request.IsHtmx())
        {
            context.Response.Headers["HX-Redirect"] = path;
        }
        else
        {
            context.Response.Redirect(path);
        }
    }
}
