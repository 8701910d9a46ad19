namespace WgHub.Web;

/// <summary>What the package of that name does not say; it knows the headers.</summary>
internal static class Htmx
{
    /// <summary>Leads the whole page to another address of this hub.</summary>
    public static void GoTo(this HttpContext context, string path)
    {
        if (context.Request.IsHtmx())
        {
            context.Response.Htmx(headers => headers.Redirect(path));
        }
        else
        {
            context.Response.Redirect(path);
        }
    }
}
