using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace WgHub.Web;

/// <summary>A page that shows a list part by part.</summary>
internal abstract class ListPage : PageModel
{
    /// <summary>From 1. From the query alone: the framework has a route value "page" of its own.</summary>
    [BindProperty(SupportsGet = true), FromQuery(Name = "page")]
    public int? PageNumber { get; set; }

    protected Paging PagingBy(int pageSize) => Paging.Near(PageNumber, pageSize);
}
