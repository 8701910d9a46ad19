using System.Text.Json;

namespace WgHub.Features.Auth.Oidc;

/// <summary>The keys of a provider. Those that we cannot use are left out.</summary>
internal sealed class JsonWebKeys(IReadOnlyList<JsonWebKey> keys)
{
    private const int Most = 100;

    /// <returns>Null when it is no key set.</returns>
    public static JsonWebKeys? Parse(JsonElement json) =>
        json.TryGetProperty("keys", out var list) && list.ValueKind == JsonValueKind.Array
            ? new([.. list.EnumerateArray().Take(Most).Select(JsonWebKey.Parse).OfType<JsonWebKey>()])
            : null;

    /// <returns>The keys that can have made the signature. Without a key's id there must be one alone: we do not try one after the other.</returns>
    public IReadOnlyList<JsonWebKey> For(string algorithm, string? id)
    {
        JsonWebKey[] fitting = [.. keys.Where(key => key.Fits(algorithm) && (id is null || key.Id == id))];
        return id is null && fitting.Length > 1 ? [] : fitting;
    }
}
