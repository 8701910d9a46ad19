using System.Text.Json;

namespace WgHub.Features.Auth.Oidc;

/// <summary>
/// Finds the values of a role claim, whatever shape a provider gives it: a text, a list of texts, a list of objects that have a <c>name</c>,
/// or an object whose members are the roles (Zitadel). The claim may be a path into others, such as <c>realm_access.roles</c> (Keycloak).
/// </summary>
internal static class RoleClaim
{
    private const int DeepestPath = 16; // as deep as the JSON that is read

    /// <returns>Null when there is no such claim.</returns>
    public static IReadOnlyList<string>? ValuesOf(JsonElement claims, string name) =>
        Find(claims, name, DeepestPath) is { } value ? [.. Values(value)] : null;

    /// <summary>The claim of just that name; else by each dot a step, where a step's name may hold dots itself: the longest that is there.</summary>
    private static JsonElement? Find(JsonElement json, string path, int steps)
    {
        if (json.ValueKind != JsonValueKind.Object || steps == 0)
        {
            return null;
        }

        if (json.TryGetProperty(path, out var value) && value.ValueKind != JsonValueKind.Null)
        {
            return value;
        }

        for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
        {
            if (json.TryGetProperty(path[..dot], out var inner) && Find(inner, path[(dot + 1)..], steps - 1) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static IEnumerable<string> Values(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Select(Value).OfType<string>(),
        JsonValueKind.Object when value.Text("name") is null => value.EnumerateObject().Where(IsGranted).Select(member => member.Name),
        _ => Value(value) is { } text ? [text] : [],
    };

    private static string? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object => value.Text("name"),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };

    private static bool IsGranted(JsonProperty member) => member.Value.ValueKind is not (JsonValueKind.False or JsonValueKind.Null);
}
