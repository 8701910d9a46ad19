using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

[Authorize(Policy = InPerson.Admin)]
internal sealed class UsersModel(UserList list, TimeProvider time) : PageModel
{
    private const int PageSize = 50;

    /// <summary>Part of a name or of a provider's address.</summary>
    [BindProperty(SupportsGet = true), FromQuery]
    public string? Q { get; set; }

    /// <summary>From 1. From the query alone: the framework has a route value "page" of its own.</summary>
    [BindProperty(SupportsGet = true), FromQuery(Name = "page")]
    public int? PageNumber { get; set; }

    public IReadOnlyList<Account> Accounts { get; private set; } = [];

    /// <summary>Number of accounts that match, on all pages.</summary>
    public long Total { get; private set; }

    public DateTimeOffset Now => time.GetUtcNow();

    public int Shown => Paging.Near(PageNumber, PageSize).Page;

    public bool HasMore => (long)Shown * PageSize < Total;

    public bool IsNarrow => !string.IsNullOrWhiteSpace(Q);

    /// <summary>A handful needs no search.</summary>
    public bool CanSearch => IsNarrow || Total > PageSize;

    public void OnGet() => (Accounts, Total) = list.List(Q, Paging.Near(PageNumber, PageSize));

    public string Href(int page) => "/users" + QueryString.Create(
        new Dictionary<string, string?> { ["q"] = Q, ["page"] = page.ToString(CultureInfo.InvariantCulture) }.Where(part => !string.IsNullOrEmpty(part.Value)));
}
