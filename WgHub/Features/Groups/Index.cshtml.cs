using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Routes;
using WgHub.Web;

namespace WgHub.Features.Groups;

[Authorize(Policy = Access.ViewerReadsOperatorWrites)]
internal sealed class IndexModel(GroupService service) : PageModel
{
    [BindProperty]
    public GroupFields Fields { get; set; } = new();

    public IReadOnlyList<GroupRow> Groups { get; private set; } = [];

    public bool MayChange => User.May(Roles.Operator);

    /// <param name="name">Of the one that the form is about; null for a new one.</param>
    public void OnGet(string? name)
    {
        Groups = service.List();
        Fields = Groups.FirstOrDefault(group => group.Name == name) is { } group ? GroupFields.From(group) : new();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (await this.TryAsync(() => service.SetAsync(Fields.Name, RoutesWish.Of(Fields), HttpContext.ToActor(), cancellationToken)))
        {
            return RedirectToPage();
        }

        Groups = service.List();
        return Page();
    }

    [AsksFirst(
        "Decide nothing for this group any more?", "Its spokes stay in it, and those without a choice of their own route the private network.", "Remove")]
    public async Task<IActionResult> OnPostRemoveAsync(string name, CancellationToken cancellationToken)
    {
        await service.RemoveAsync(name, HttpContext.ToActor(), cancellationToken);
        return RedirectToPage();
    }
}

/// <summary>What is decided for a group, named as in the API.</summary>
internal sealed class GroupFields : IRoutesFields
{
    public string? Name { get; set; }

    public string? Routes { get; set; }

    public string? RoutedNetworks { get; set; }

    public bool MayFollowGroup => false;

    public static GroupFields From(GroupRow group) => new()
    {
        Name = group.Name,
        Routes = group.Routes is { IsList: true } ? RoutesWish.Listed : group.Routes?.Text,
        RoutedNetworks = group.Routes is { IsList: true } list ? list.Title : null,
    };
}
