using System.Net;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Io;

namespace WgHub.Published;

/// <summary>
/// A browser without script. It keeps cookies, follows redirects, finds a field by its label as a person does, and sends a
/// form as the page has it, with the fields that nobody sees.
/// </summary>
internal sealed class Visitor(Uri hub) : IDisposable
{
    private readonly IBrowsingContext _browser = BrowsingContext.New(Configuration.Default.WithDefaultLoader().WithDefaultCookies());

    public Task<IDocument> OpenAsync(string path, CancellationToken cancel) => _browser.OpenAsync(RequestOf(path), cancel);

    /// <summary>Asks for a part of a page, as htmx does.</summary>
    public Task<IDocument> OpenPartAsync(string path, CancellationToken cancel) => _browser.OpenAsync(AsHtmx(RequestOf(path)), cancel);

    /// <summary>Presses the button of that text.</summary>
    public Task<IDocument> PressAsync(IDocument page, string button, CancellationToken cancel) =>
        _browser.OpenAsync(SubmissionOf(page, button), cancel);

    /// <summary>Presses it where htmx sends the form.</summary>
    public Task<IDocument> PressByHtmxAsync(IDocument page, string button, CancellationToken cancel) =>
        _browser.OpenAsync(AsHtmx(SubmissionOf(page, button)), cancel);

    public void Dispose() => _browser.Dispose();

    private DocumentRequest RequestOf(string path) => DocumentRequest.Get(new Url(new Uri(hub, path).AbsoluteUri));

    private static DocumentRequest SubmissionOf(IDocument page, string button)
    {
        var found = page.QuerySelectorAll<IHtmlButtonElement>("button").FirstOrDefault(one => one.TextContent.Trim() == button)
            ?? throw new InvalidOperationException($"No button '{button}' at {page.Url}: {page.Words()}");
        return found.Form!.GetSubmission(found)!;
    }

    private static DocumentRequest AsHtmx(DocumentRequest request)
    {
        request.Headers["HX-Request"] = "true";
        return request;
    }
}

internal static class Pages
{
    /// <summary>Types a text into the field of that label.</summary>
    public static IDocument Fill(this IDocument page, string label, string text)
    {
        var found = page.QuerySelectorAll<IHtmlLabelElement>("label").FirstOrDefault(one => one.TextContent.Trim().StartsWith(label, StringComparison.Ordinal));
        var field = found?.Control as IHtmlInputElement ?? throw new InvalidOperationException($"No field '{label}' at {page.Url}: {page.Words()}");
        field.Value = text;
        return page;
    }

    /// <summary>Fails with the page's own words, which tell more than a number.</summary>
    public static IDocument Expect(this IDocument page, HttpStatusCode status, string path)
    {
        var here = new Uri(page.Url).AbsolutePath;
        Assert.True(page.StatusCode == status && here == path, $"Expected {(int)status} at {path}, got {(int)page.StatusCode} at {here}: {page.Words()}");
        return page;
    }

    /// <summary>What a person reads on it.</summary>
    public static string Words(this IDocument page) =>
        string.Join(' ', page.Body!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
