using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace WgHub.Web;

/// <summary>
/// Everything below a path, when <c>Web:PublicUrl</c> has one. A proxy may hand the path on or take it off: the hub takes requests with it and
/// without it, so that spokes in the tunnel and probes need not know it, and writes it into whatever it answers. The rooms know nothing of it:
/// their paths, links and redirects are the hub's own, and the path is put in front on the way out. What has it already stays as it is; this
/// is why no path is taken that the hub's own addresses begin with.
/// </summary>
internal static partial class PublicPath
{
    private const string Links = "href|src|action|formaction|poster|hx-(?:get|post|put|patch|delete|action|push-url|replace-url)";

    /// <summary>Of answers: those that lead a browser or htmx somewhere.</summary>
    private static readonly string[] Headers = ["Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url"];

    /// <summary>Before whatever looks at a request's path. Nothing at all happens where there is no path.</summary>
    public static void UsePublicPath(this WebApplication app)
    {
        var path = app.Services.GetRequiredService<PublicUrl>().Path;
        if (path.HasValue)
        {
            app.Use((context, next) =>
            {
                context.Request.Path = Without(path, context.Request.Path);
                context.Request.PathBase = path;
                context.Response.OnStarting(AddToHeaders, context);
                return next(context);
            });
        }
    }

    /// <summary>When all is mapped.</summary>
    /// <exception cref="OptionsValidationException">The path is an address of the hub's own: one could not be told from the other.</exception>
    public static void CheckPublicPath(this WebApplication app)
    {
        var path = app.Services.GetRequiredService<PublicUrl>().Path;
        if (path.HasValue && Own(app).Any(own => own.StartsWithSegments(path)))
        {
            throw new OptionsValidationException(
                WebOptions.Section, typeof(WebOptions),
                [$"{WebOptions.Section}:{nameof(WebOptions.PublicUrl)}: {path} is an address of the hub's own. Take another path, such as /wghub."]);
        }
    }

    /// <summary>The same as the request's base, but where the framework has put the beginning of an address there.</summary>
    public static PathString PathOf(HttpContext context) => context.RequestServices.GetRequiredService<PublicUrl>().Path;

    /// <summary>HTML with the path in front of the addresses in its attributes. What people wrote is encoded there, and looks like no attribute.</summary>
    public static string InHtml(string html, PathString path) => path.HasValue
        ? Attribute().Replace(html, found => found.Value + In(html.AsSpan(found.Index + found.Length), path))
        : html;

    /// <summary>A path of this hub as others ask for it.</summary>
    private static string In(ReadOnlySpan<char> address, string path) =>
        address.StartsWith(path, StringComparison.Ordinal) && (address.Length == path.Length || address[path.Length] is '/' or '?' or '#' or '"' or '\'')
            ? ""
            : path;

    /// <summary>More than once, and with slashes before it, as proxies have it whose two paths do not match.</summary>
    private static PathString Without(PathString path, PathString asked)
    {
        var left = asked;
        while (left.StartsWithSegments(path, out var rest))
        {
            left = rest;
        }

        return new($"/{left.Value?.TrimStart('/')}");
    }

    private static Task AddToHeaders(object state)
    {
        var context = (HttpContext)state;
        foreach (var name in Headers)
        {
            var address = $"{context.Response.Headers[name]}";
            if (address is ['/', ..] and not ['/', '/' or '\\', ..])
            {
                context.Response.Headers[name] = In(address, PathOf(context)) + address;
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>The beginnings of addresses, up to what differs from one to the next.</summary>
    private static IEnumerable<PathString> Own(IEndpointRouteBuilder routes) =>
        from endpoint in routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        let words = endpoint.RoutePattern.PathSegments.TakeWhile(segment => segment.IsSimple && segment.Parts[0].IsLiteral).Select(segment => segment.Parts[0])
        select new PathString(string.Concat(words.Cast<Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart>().Select(word => $"/{word.Content}")));

    // Of attributes with data of ours, those that name an asset: another value may begin with a slash and be none.
    [GeneratedRegex($"""=["'](?:(?<=\s(?:{Links})=.)(?=/(?![/\\]))|(?<=\sdata-[a-z-]+=.)(?=/a/))""")]
    private static partial Regex Attribute();
}
