using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace WgHub.Web;

/// <summary>
/// A list whose filter is a form: a browser without script puts every field into the address, also the empty ones. This leads to the address
/// without them; with script, <c>app.js</c> sends none.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TidyAddressAttribute : Attribute, IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
        // Too early to answer.
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        var request = context.HttpContext.Request;
        if (HttpMethods.IsGet(request.Method) && !request.IsHtmx() && request.Query.Any(part => string.IsNullOrEmpty(part.Value)))
        {
            var full = request.Query.Where(part => !string.IsNullOrEmpty(part.Value)).Select(part => KeyValuePair.Create(part.Key, (string?)part.Value));
            context.Result = new LocalRedirectResult(request.Path + QueryString.Create(full));
        }
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
    {
        // What a handler answers stands.
    }
}
