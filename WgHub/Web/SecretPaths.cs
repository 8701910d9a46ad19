using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Routing.Patterns;

namespace WgHub.Web;

/// <summary>
/// Tells paths without the secrets in them, which their addresses name by <see cref="SecretInPathAttribute"/>. Also the path of a request that was
/// refused before routing, or that leads nowhere: whoever mistypes what comes after the secret has sent it all the same.
/// </summary>
internal sealed class SecretPaths(EndpointDataSource endpoints, ApplicationPartManager parts)
{
    private const string Masked = "***";

    /// <summary>What comes before a secret, by address. Read when a path is first told, when all is mapped.</summary>
    private readonly Lazy<RoutePatternPathSegment[][]> _before = new(() => BeforeSecrets(endpoints, LazyPages.Declared<SecretInPathAttribute>(parts)));

    public string Without(PathString path)
    {
        var words = (path.Value ?? "/").Split('/');
        int[] places = [.. words.Index().Where(word => word.Item.Length > 0).Select(word => word.Index)];
        int[] secret =
            [.. _before.Value.Where(before => places.Length > before.Length && before.Zip(places).All(pair => Fits(pair.First, words[pair.Second])))
                .Select(before => places[before.Length])];
        foreach (var place in secret)
        {
            words[place] = Masked;
        }

        return string.Join('/', words);
    }

    /// <param name="ofPages">By the page's file: a page says it on its class, which its endpoint knows when somebody has asked for it.</param>
    private static RoutePatternPathSegment[][] BeforeSecrets(EndpointDataSource endpoints, ILookup<string, SecretInPathAttribute> ofPages) =>
    [
        .. from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
           from secret in endpoint.Metadata.OfType<SecretInPathAttribute>().Concat(ofPages[LazyPages.PageOf(endpoint)?.RelativePath ?? ""])
           select endpoint.RoutePattern.PathSegments.TakeWhile(segment => !Names(segment, secret.Parameter)).ToArray(),
    ];

    private static bool Names(RoutePatternPathSegment segment, string parameter) =>
        segment.Parts.OfType<RoutePatternParameterPart>().Any(part => part.Name == parameter);

    private static bool Fits(RoutePatternPathSegment segment, string word) =>
        !segment.IsSimple || segment.Parts[0] is not RoutePatternLiteralPart literal || literal.Content.Equals(word, StringComparison.OrdinalIgnoreCase);
}
