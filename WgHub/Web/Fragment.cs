using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;

namespace WgHub.Web;

/// <summary>
/// A part of a page with the hash of what it shows. A poll that tells the same hash (<c>If-None-Match</c>, by app.js) is answered 304 with
/// nothing: what stands still costs a line, and not a list every three seconds.
/// </summary>
internal sealed partial class Fragment(PartialViewResult view) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
        var wire = response.Body;
        using var html = new MemoryStream();
        response.Body = html;
        try
        {
            await view.ExecuteResultAsync(context);
        }
        finally
        {
            response.Body = wire;
        }

        var content = html.GetBuffer().AsMemory(0, (int)html.Length);
        var tag = TagOf(Encoding.UTF8.GetString(content.Span));
        response.Headers.ETag = tag;
        if (response.StatusCode == StatusCodes.Status200OK && request.Headers.IfNoneMatch == tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await wire.WriteAsync(content, context.HttpContext.RequestAborted);
    }

    /// <summary>The secrets of forms are new each time, and the earlier ones as good.</summary>
    private static string TagOf(string html) =>
        $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FormSecret().Replace(html, ""))).AsSpan(0, 16))}\"";

    [GeneratedRegex("<input name=\"__RequestVerificationToken\"[^>]*>")]
    private static partial Regex FormSecret();
}
