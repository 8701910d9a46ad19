using System.Text.Encodings.Web;
using WgHub.Web;

namespace WgHub.Features.Auth.Oidc;

/// <summary>Leads a browser from a form of ours to another site.</summary>
internal static class LeavePage
{
    /// <summary>
    /// A redirect would be the natural answer, but browsers hold <c>form-action 'self'</c> against the redirects of a form too
    /// (w3c/webappsec-csp#8): the page would just stay. So the form gets a page, and the page leads away.
    /// </summary>
    public static async Task WriteAsync(HttpContext context, string address)
    {
        if (context.Request.IsHtmx())
        {
            context.Response.Headers["HX-Redirect"] = address;
            return;
        }

        var (text, host) = (HtmlEncoder.Default.Encode(address), HtmlEncoder.Default.Encode(new Uri(address).Host));
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(
            BarePage.Of(
                PublicPath.PathOf(context),
                "Leaving the hub",
                $"""
                 <h1 class="empty-title">On to {host} …</h1>
                 <div class="empty-action"><a href="{text}" class="btn btn-primary">Go there now</a></div>
                 """,
                $"""<meta http-equiv="refresh" content="0;url={text}">"""),
            context.RequestAborted);
    }
}
