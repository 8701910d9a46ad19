using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using WgHub.Hosting;

namespace WgHub.Web;

public sealed class AssetTests : IAsyncLifetime
{
    private readonly HttpClient _client = new();
    private WebApplication? _app;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        _app = builder.Build();
        _app.UseRouting();
        _app.MapAssets();
        await _app.StartAsync(Cancel);
        _client.BaseAddress = new(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app!.DisposeAsync();
    }

    [Fact]
    public void Every_asset_is_what_its_integrity_says_in_every_form()
    {
        Assert.NotEmpty(Assets.ByFile);
        Assert.All(Assets.ByFile.Values, asset =>
        {
            var content = Read(EmbeddedFiles.Open($"wwwroot/{asset.File}"));
            Assert.Equal(asset.Size, content.Length);
            Assert.Equal(asset.Integrity, $"sha384-{Convert.ToBase64String(SHA384.HashData(content))}");
            if (asset.Br)
            {
                Assert.Equal(content, Read(new BrotliStream(EmbeddedFiles.Open($"wwwroot/{asset.File}.br"), CompressionMode.Decompress)));
            }

            if (asset.Gz)
            {
                Assert.Equal(content, Read(new GZipStream(EmbeddedFiles.Open($"wwwroot/{asset.File}.gz"), CompressionMode.Decompress)));
            }
        });
    }

    [Theory]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("*", "br")]
    [InlineData("br;q=0, *;q=0", null)]
    [InlineData("identity", null)]
    [InlineData("", null)]
    public async Task It_is_sent_in_the_smallest_form_that_the_client_takes(string accepted, string? expected)
    {
        using var answer = await GetAsync("tabler.css", accepted);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(expected, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("text/css; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("public, max-age=31536000, immutable", answer.Headers.CacheControl?.ToString());
        Assert.Equal("Accept-Encoding", Assert.Single(answer.Headers.Vary));
    }

    [Fact]
    public async Task A_browser_that_has_it_is_told_so_for_the_form_that_it_has()
    {
        using var first = await GetAsync("tabler.css", "br");

        using var again = await GetAsync("tabler.css", "br", first.Headers.ETag);
        using var otherForm = await GetAsync("tabler.css", "gzip", first.Headers.ETag);

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(HttpStatusCode.OK, otherForm.StatusCode);
    }

    [Theory]
    [InlineData("/a/app.css")]
    [InlineData("/a/assets.json")]
    [InlineData("/a/..%2fassets.json")]
    public async Task Nothing_but_an_asset_is_served(string address)
    {
        using var answer = await _client.GetAsync(new Uri(address, UriKind.Relative), Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private async Task<HttpResponseMessage> GetAsync(string name, string accepted, EntityTagHeaderValue? seen = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Assets.Url(name), UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        if (seen is not null)
        {
            request.Headers.IfNoneMatch.Add(seen);
        }

        return await _client.SendAsync(request, Cancel);
    }

    private static byte[] Read(Stream stream)
    {
        using var bytes = new MemoryStream();
        using (stream)
        {
            stream.CopyTo(bytes);
        }

        return bytes.ToArray();
    }
}
