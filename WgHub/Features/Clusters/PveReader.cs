using System.Net;
using System.Text.Json;

namespace WgHub.Features.Clusters;

/// <summary>
/// Reads what a node's own files and commands say of its cluster. They come from a machine that holds a token and may say anything:
/// what is no name or address is left out, and what is not of the expected form is no report at all.
/// </summary>
internal static class PveReader
{
    /// <summary>A cluster has 32 nodes at the very most (pvecm(1)); beyond this somebody is making them up.</summary>
    private const int MostMembers = 128;

    /// <summary>Reads <c>/etc/pve/.members</c>, which pmxcfs writes: whole without quorum, with the nodes that are off.</summary>
    /// <returns>Null when it is not that.</returns>
    public static PveReport? FromMembers(string? text) => Read(text, root =>
    {
        if (root.ValueKind != JsonValueKind.Object || NameIn(root, "nodename") is not { } node)
        {
            return null;
        }

        if (!root.TryGetProperty("cluster", out var cluster))
        {
            return new(node, null, null, true);
        }

        var members = root.TryGetProperty("nodelist", out var list) && list.ValueKind == JsonValueKind.Object
            ? list.EnumerateObject().Select(member => Member(member.Name, "id", member.Value))
            : [];
        return InCluster(node, cluster, members);
    });

    /// <summary>Reads <c>pvesh get /cluster/status --output-format json</c>: the entry of the cluster is missing where there is none.</summary>
    /// <returns>Null when it is not that.</returns>
    public static PveReport? FromStatus(string? text) => Read(text, root =>
    {
        var nodes = EntriesOf("node").ToList();
        var node = nodes.Where(entry => Number(entry, "local") == 1).Select(entry => NameIn(entry, "name")).FirstOrDefault();
        return EntriesOf("cluster").ToList() is [var cluster, ..]
            ? InCluster(node, cluster, nodes.Select(entry => Member(Text(entry, "name"), "nodeid", entry)))
            : nodes.Count > 0 ? new(node, null, null, true) : null;

        IEnumerable<JsonElement> EntriesOf(string type) => root.EnumerateArray().Where(entry => Text(entry, "type") == type);
    });

    private static PveReport? Read(string? text, Func<JsonElement, PveReport?> read)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(text, new() { MaxDepth = 8 });
            return read(json.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null; // no JSON, another form of it, or half a surrogate pair somewhere
        }
    }

    private static PveReport? InCluster(string? node, JsonElement cluster, IEnumerable<PveMember?> members) =>
        NameIn(cluster, "name") is { } name
            ? new(node, null, new(name, [.. members.OfType<PveMember>().DistinctBy(member => member.Name).Take(MostMembers)]), false)
            : null;

    private static PveMember? Member(string? name, string number, JsonElement member) =>
        PveName.TryParse(name, out var node)
            ? new(
                node, Number(member, number), IPAddress.TryParse(Text(member, "ip"), out var address) ? address.ToString() : null,
                Number(member, "online") == 1)
            : null;

    private static string? NameIn(JsonElement item, string member) => PveName.TryParse(Text(item, member), out var name) ? name : null;

    private static string? Text(JsonElement item, string member) =>
        Value(item, member) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static long Number(JsonElement item, string member) =>
        Value(item, member) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : 0;

    private static JsonElement? Value(JsonElement item, string member) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(member, out var value) ? value : null;
}
