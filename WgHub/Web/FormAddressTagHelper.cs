using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace WgHub.Web;

/// <summary>
/// Gives a form without an action its page's own address. Browsers would take the one that the page was answered at: after a refusal on
/// another button's road that is the address of that road, and the form would go there from then on.
/// </summary>
[HtmlTargetElement("form")]
[SuppressMessage("Maintainability", "CA1515:Consider making public types internal", Justification = "Razor finds public ones alone.")]
public sealed class FormAddressTagHelper : TagHelper
{
    private const string Handler = "handler";

    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!; // the framework sets it

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var isPost = output.Attributes.TryGetAttribute("method", out var method)
            && string.Equals($"{method.Value}", "post", StringComparison.OrdinalIgnoreCase);
        if (isPost && !output.Attributes.ContainsName("action"))
        {
            var request = ViewContext.HttpContext.Request;
            var query = QueryString.Create(request.Query.Where(part => !string.Equals(part.Key, Handler, StringComparison.OrdinalIgnoreCase)));
            output.Attributes.SetAttribute("action", $"{request.PathBase}{request.Path}{query}");
        }
    }
}
