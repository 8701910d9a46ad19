using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace WgHub.Published;

[Trait("Kind", "Published")]
[Collection(nameof(PublishedSite))]
public sealed class PublishedAssetTests(PublishedSite site) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = site.Hub.Url };

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task An_asset_is_the_same_in_every_form_and_never_changes()
    {
        foreach (var path in await AssetsAsync())
        {
            using var plain = await GetAsync(path, "identity");
            using var gzip = await GetAsync(path, "gzip");
            using var brotli = await GetAsync(path, "br");

            var content = await ReadAsync(plain);
            Assert.NotEmpty(content);
            Assert.Equal(content, await ReadAsync(gzip));
            Assert.Equal(content, await ReadAsync(brotli));
            Assert.Equal("public, max-age=31536000, immutable", plain.Headers.CacheControl?.ToString());
        }
    }

    [Fact]
    public async Task Styles_and_scripts_are_sent_compressed()
    {
        foreach (
            var path in (await AssetsAsync())
                .Where(path => path.EndsWith(".css", StringComparison.Ordinal) || path.Contains("/htmx.", StringComparison.Ordinal)))
        {
            using var gzip = await GetAsync(path, "gzip");
            using var brotli = await GetAsync(path, "gzip, deflate, br");

            Assert.Equal(["gzip"], gzip.Content.Headers.ContentEncoding);
            Assert.Equal(["br"], brotli.Content.Headers.ContentEncoding);
        }
    }

    [Fact]
    public async Task A_browser_that_has_an_asset_is_told_so()
    {
        foreach (var path in await AssetsAsync())
        {
            using var first = await GetAsync(path, "br");
            using var again = await GetAsync(path, "br", first.Headers.ETag);

            Assert.NotNull(first.Headers.ETag);
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
            Assert.Empty(await again.Content.ReadAsByteArrayAsync(Cancel));
        }
    }

    /// <summary>All that the sign-in page names.</summary>
    private async Task<string[]> AssetsAsync()
    {
        using var stranger = new Visitor(site.Hub.Url);
        var page = await stranger.OpenAsync("/signin", Cancel);
        string[] assets = [.. page.QuerySelectorAll("link[href], script[src], img[src]").Select(one => one.GetAttribute("href") ?? one.GetAttribute("src")!)];
        Assert.NotEmpty(assets);
        return assets;
    }

    private Task<HttpResponseMessage> GetAsync(string path, string encoding, EntityTagHeaderValue? seen = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);
        if (seen is not null)
        {
            request.Headers.IfNoneMatch.Add(seen);
        }

        return _client.SendAsync(request, Cancel);
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage answer)
    {
        answer.EnsureSuccessStatusCode();
        var body = await answer.Content.ReadAsStreamAsync(Cancel);
        await using var content = answer.Content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, Cancel);
        return bytes.ToArray();
    }
}
