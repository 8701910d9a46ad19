using Microsoft.AspNetCore.Routing.Patterns;

namespace WgHub.Web;

/// <summary>
/// Tells paths without the secrets in them, which their addresses name by <see cref="SecretInPathAttribute"/>. Also the path of a request that was
/// refused before routing, or that leads nowhere: whoever mistypes what comes after the secret has sent it all the same.
/// </summary>
internal sealed class SecretPaths(EndpointDataSource endpoints)
{
    private const string Masked = "***";

    /// <summary>What comes before a secret, by address. Read when a path is first told, when all is mapped.</summary>
    private readonly Lazy<RoutePatternPathSegment[][]> _before = new(() => [.. endpoints.Endpoints.OfType<RouteEndpoint>().SelectMany(BeforeSecret)]);

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

    private static IEnumerable<RoutePatternPathSegment[]> BeforeSecret(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<SecretInPathAttribute>() is { } secret
            ? [[.. endpoint.RoutePattern.PathSegments.TakeWhile(
                segment => !segment.Parts.OfType<RoutePatternParameterPart>().Any(part => part.Name == secret.Parameter))]]
            : [];

    private static bool Fits(RoutePatternPathSegment segment, string word) =>
        !segment.IsSimple || segment.Parts[0] is not RoutePatternLiteralPart literal || literal.Content.Equals(word, StringComparison.OrdinalIgnoreCase);
}
