using Microsoft.Net.Http.Headers;
using WgHub.Hosting;

namespace WgHub.Web;

/// <summary>GET /a/{file}: an asset in the smallest form that the client takes.</summary>
internal static class AssetEndpoints
{
    private const string Forever = "public, max-age=31536000, immutable";

    public static IEndpointConventionBuilder MapAssets(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/a/{file}", [HttpMethods.Get, HttpMethods.Head], SendAsync)
            .AllowAnonymous()
            .WithMetadata(new HoldsNoPlace(RequestBudget.OfAnswer))
            .ExcludeFromDescription();

    private static async Task SendAsync(HttpContext context)
    {
        var response = context.Response;
        if (!Assets.ByFile.TryGetValue((string)context.GetRouteValue("file")!, out var asset))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var encoding = Choose(asset, context.Request.GetTypedHeaders().AcceptEncoding);
        var tag = new EntityTagHeaderValue($"\"{asset.File}{Suffix(encoding)}\"");
        var headers = response.GetTypedHeaders();
        headers.ETag = tag;
        response.Headers.CacheControl = Forever;
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(seen => seen.Compare(tag, useStrongComparison: false) || seen.Equals(EntityTagHeaderValue.Any)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await using var content = EmbeddedFiles.Open($"wwwroot/{asset.File}{Suffix(encoding)}");
        response.ContentType = asset.Type;
        response.ContentLength = content.Length;
        response.Headers.ContentEncoding = encoding;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await content.CopyToAsync(response.Body, context.RequestAborted);
        }
    }

    /// <summary>Brotli before gzip; an encoding with <c>q=0</c> is refused by the client (RFC 9110, 12.5.3). Null: as it is.</summary>
    private static string? Choose(Asset asset, IList<StringWithQualityHeaderValue> accepted)
    {
        bool Takes(string encoding) =>
            (accepted.FirstOrDefault(entry => entry.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase))
                ?? accepted.FirstOrDefault(entry => entry.Value == "*"))
            is { Quality: not 0 };

        return asset.Br && Takes("br") ? "br" : asset.Gz && Takes("gzip") ? "gzip" : null;
    }

    private static string Suffix(string? encoding) => encoding switch { "br" => ".br", "gzip" => ".gz", _ => "" };
}
