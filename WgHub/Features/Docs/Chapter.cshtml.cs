using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Web;

namespace WgHub.Features.Docs;

[Authorize(Policy = Access.Viewer)]
internal sealed class ChapterModel(Manual manual) : PageModel
{
    public Chapter Chapter { get; private set; } = null!; // the handler finds it

    public IHtmlContent Text { get; private set; } = null!;

    public void OnGet(string name)
    {
        Chapter = manual.Find(name) ?? throw WebErrors.NotFound("chapter");
        Text = new HtmlString(manual.HtmlOf(Chapter));
    }
}
