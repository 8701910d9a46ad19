using System.Text.Json;
using WgHub.Hosting;

namespace WgHub.Features.Import;

/// <summary>wg-easy up to 14: the file <c>wg0.json</c>.</summary>
internal static class WgEasyJson
{
    private const int Depth = 8;

    /// <exception cref="Web.AppException">VALIDATION_FAILED: it is no such file.</exception>
    public static ImportSource Read(string file)
    {
        try
        {
            using var json = JsonDocument.Parse(file, new() { MaxDepth = Depth });
            var (server, clients) = (json.RootElement.GetProperty("server"), json.RootElement.GetProperty("clients"));
            return new(
                "wg-easy 14", HubOf(server), [.. clients.EnumerateObject().Take(ImportSource.MostPeers).Select(client => PeerOf(client.Value))], [WgEasy.Nat]);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw ImportErrors.Unreadable("It is JSON, but not wg-easy's wg0.json.");
        }
    }

    /// <summary>The file holds the address alone; wg-easy gave it a /24, and always listened at 51820 inside its container.</summary>
    private static ImportedHub HubOf(JsonElement server) =>
        new(
            Text(server, "privateKey") is { } key ? new Secret(key) : null, null,
            [.. Addresses(server, "/24")], null, null, []);

    private static ImportedPeer PeerOf(JsonElement client) => new(
        Text(client, "name"),
        Text(client, "publicKey") ?? "",
        Text(client, "preSharedKey") is { Length: > 0 } key ? new Secret(key) : null,
        [.. Addresses(client, "/32")])
    {
        IsEnabled = !client.TryGetProperty("enabled", out var enabled) || enabled.ValueKind != JsonValueKind.False,
        ExpiresAt = WgEasy.Time(Text(client, "expiredAt")),
    };

    /// <summary>People have written lists there, with networks behind the client or the server.</summary>
    /// <param name="prefix">Of an IPv4 address that has none.</param>
    private static IEnumerable<string> Addresses(JsonElement element, string prefix) =>
        (Text(element, "address") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(address => address.Contains('/', StringComparison.Ordinal) || address.Contains(':', StringComparison.Ordinal) ? address : $"{address}{prefix}");

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
