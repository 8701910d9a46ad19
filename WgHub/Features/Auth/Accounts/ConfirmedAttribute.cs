using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace WgHub.Features.Auth.Accounts;

/// <summary>Every change by this page needs a fresh <see cref="Confirmation"/>: on the page as a whole, so that no handler can forget it.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ConfirmedAttribute : Attribute, IAsyncPageFilter
{
    /// <summary>True for a page that is one form: it asks before somebody fills it in, and not afterwards.</summary>
    public bool AlsoToRead { get; init; }

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var page = (PageModel)context.HandlerInstance;
        var isReading = HttpMethods.IsGet(page.Request.Method) || HttpMethods.IsHead(page.Request.Method);
        if ((isReading && !AlsoToRead) || page.IsConfirmed())
        {
            return next();
        }

        context.Result = page.AskToConfirm();
        return Task.CompletedTask;
    }
}
