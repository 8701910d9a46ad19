using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace WgHub.Web;

/// <summary>
/// A moment on a page: <c>&lt;time at="…" /&gt;</c>, with <c>now</c> as its age. It says UTC, and a script (<c>wwwroot/times.js</c>) puts the
/// browser's own time in its place.
/// </summary>
[HtmlTargetElement("time", Attributes = "at")]
[SuppressMessage("Maintainability", "CA1515:Consider making public types internal", Justification = "Razor finds public ones alone.")]
public sealed class TimeTagHelper : TagHelper
{
    public DateTimeOffset At { get; set; }

    /// <summary>With it, the text is how long ago; without, the moment.</summary>
    public DateTimeOffset? Now { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("datetime", UtcText.Of(At));
        if (Now is { } now)
        {
            output.Attributes.SetAttribute("title", Age.Stamp(At));
            output.Content.SetContent(Age.Lately(At, now));
        }
        else
        {
            output.Content.SetContent(Age.Stamp(At));
        }
    }
}
