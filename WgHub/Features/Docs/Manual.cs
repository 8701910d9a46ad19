using System.Collections.Concurrent;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using WgHub.Hosting;

namespace WgHub.Features.Docs;

/// <param name="Name">As in its address: <c>policy</c>, <c>adr/0007-one-file</c>.</param>
/// <param name="Title">Its first heading.</param>
internal sealed record Chapter(string Name, string Title);

/// <summary>The manual, out of the binary itself: what stands there is true of this very version.</summary>
internal sealed class Manual
{
    private const string Folder = "docs/";
    private const string End = ".md";

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers().DisableHtml().Build();

    private readonly ConcurrentDictionary<string, string> _pages = [];
    private readonly Dictionary<string, Chapter> _chapters;

    public Manual() => _chapters = EmbeddedFiles.List(Folder).Where(file => file.EndsWith(End, StringComparison.Ordinal))
        .Select(file => new Chapter(file[Folder.Length..^End.Length], TitleOf(file))).ToDictionary(chapter => chapter.Name);

    /// <summary>By title; decisions about the house itself are left out.</summary>
    public IEnumerable<Chapter> Chapters => _chapters.Values.Where(chapter => !chapter.Name.Contains('/', StringComparison.Ordinal))
        .OrderBy(chapter => chapter.Title, StringComparer.OrdinalIgnoreCase);

    /// <returns>Null when there is none of that name.</returns>
    public Chapter? Find(string name) => _chapters.GetValueOrDefault(name);

    /// <summary>A chapter as HTML. No markup of a file's own gets through, and no link leads where nothing is served.</summary>
    public string HtmlOf(Chapter chapter) => _pages.GetOrAdd(chapter.Name, name => Render(name, EmbeddedFiles.ReadText($"{Folder}{name}{End}")));

    private string Render(string name, string markdown)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var table in document.Descendants<Table>())
        {
            table.GetAttributes().AddClass("table");
            table.ColumnDefinitions.ForEach(column => column.Alignment = null); // it would be a style, which no page may have
        }

        foreach (var link in document.Descendants<LinkInline>().Where(link => !IsElsewhere(link.Url)).ToList())
        {
            if (AddressOf(name, link.Url ?? "") is { } address)
            {
                link.Url = address;
            }
            else
            {
                link.ReplaceBy(new ContainerInline()); // a file of the source: its name stays
            }
        }

        // What may be wider than a phone scrolls by itself, by keyboard too.
        return document.ToHtml(Pipeline)
            .Replace("<table", "<div class=\"wide\" tabindex=\"0\"><table", StringComparison.Ordinal)
            .Replace("</table>", "</table></div>", StringComparison.Ordinal)
            .Replace("<th></th>", "<td></td>", StringComparison.Ordinal) // a head without words heads nothing
            .Replace("<pre>", "<pre tabindex=\"0\">", StringComparison.Ordinal);
    }

    private static bool IsElsewhere(string? url) => url?.StartsWith("https://", StringComparison.Ordinal) == true;

    /// <summary>A link between files as one between pages, relative as it was; null when there is no such page.</summary>
    private string? AddressOf(string from, string url)
    {
        var (path, anchor) = url.IndexOf('#', StringComparison.Ordinal) is >= 0 and var hash ? (url[..hash], url[hash..]) : (url, "");
        if (path.Length == 0)
        {
            return anchor;
        }

        var file = new Uri(new Uri($"file:///{Folder}{from}"), path).AbsolutePath[1..];
        return path.EndsWith(End, StringComparison.Ordinal) && file.StartsWith(Folder, StringComparison.Ordinal)
            && _chapters.ContainsKey(file[Folder.Length..^End.Length])
            ? path[..^End.Length] + anchor
            : null;
    }

    private static string TitleOf(string file)
    {
        using var reader = new StreamReader(EmbeddedFiles.Open(file));
        return reader.ReadLine()?.TrimStart('#', ' ') ?? file;
    }
}
