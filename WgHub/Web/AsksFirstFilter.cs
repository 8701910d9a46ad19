using System.Reflection;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace WgHub.Web;

/// <inheritdoc cref="AsksFirstAttribute"/>
internal sealed class AsksFirstFilter(IAntiforgery antiforgery) : IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;
        if (context.HandlerMethod?.MethodInfo.GetCustomAttribute<AsksFirstAttribute>() is not { } ask || http.Request.IsHtmx())
        {
            await next();
            return;
        }

        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        if (form[AsksFirstAttribute.Answer] == "true")
        {
            await next();
            return;
        }

        context.Result = new ContentResult { ContentType = "text/html; charset=utf-8", Content = PageOf(ask, http, form) };
    }

    private string PageOf(AsksFirstAttribute ask, HttpContext http, IFormCollection form)
    {
        static string Html(string? text) => HtmlEncoder.Default.Encode(text ?? "");
        var tokens = antiforgery.GetAndStoreTokens(http);
        var fields = form.Where(field => field.Key != tokens.FormFieldName).SelectMany(field => field.Value, (field, value) => (field.Key, Value: value))
            .Append((tokens.FormFieldName, tokens.RequestToken)).Append((AsksFirstAttribute.Answer, "true"))
            .Select(field => $"""<input type="hidden" name="{Html(field.Item1)}" value="{Html(field.Item2)}">""");
        var (here, back) = (http.Request.PathBase + http.Request.Path + http.Request.QueryString, http.Request.PathBase + http.Request.Path);
        return BarePage.Of(
            http.Request.PathBase,
            Html(ask.Question),
            $"""
             <h1 class="empty-title">{Html(ask.Question)}</h1>
             <p class="empty-subtitle text-secondary">{Html(ask.Consequence)}</p>
             <form method="post" action="{Html(here)}" class="empty-action btn-list justify-content-center">
               {string.Concat(fields)}
               <a class="btn" href="{Html(back)}">Leave it</a>
               <button class="btn btn-danger">{Html(ask.Button)}</button>
             </form>
             """);
    }
}
