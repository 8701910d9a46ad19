using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

[Authorize(Policy = InPerson.Admin)]
internal sealed class UsersModel(UserList accounts, TimeProvider time) : ListPage
{
    private const int PageSize = 50;

    /// <summary>Part of a name or of a provider's address.</summary>
    [BindProperty(SupportsGet = true), FromQuery]
    public string? Q { get; set; }

    public Part<Account> List { get; private set; } = Part<Account>.None;

    public Pager Links => List.Links(Href);

    public DateTimeOffset Now => time.GetUtcNow();

    public bool IsNarrow => !string.IsNullOrWhiteSpace(Q);

    /// <summary>A handful needs no search.</summary>
    public bool CanSearch => IsNarrow || List.Total > PageSize;

    public void OnGet() => List = accounts.List(Q, PagingBy(PageSize));

    private string Href(int page) => "/users" + QueryString.Create(
        new Dictionary<string, string?> { ["q"] = Q, ["page"] = page.ToString(CultureInfo.InvariantCulture) }.Where(part => !string.IsNullOrEmpty(part.Value)));
}
