using System.Text.Json;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Import;

/// <summary>wg-easy 15: its database <c>wg-easy.db</c>.</summary>
internal static class WgEasyStore
{
    public static bool IsOne(ForeignDatabase database) => database.Has("clients_table", "public_key") && database.Has("interfaces_table", "private_key");

    public static ImportSource Read(ForeignDatabase database)
    {
        var hub = database.Query(
            $"""
            select interfaces_table.private_key, interfaces_table.port, interfaces_table.ipv4_cidr, interfaces_table.ipv6_cidr, interfaces_table.mtu, user_configs_table.host, user_configs_table.port
            from interfaces_table left join user_configs_table on user_configs_table.id = interfaces_table.name order by interfaces_table.name limit 1
            """,
            row => new ImportedHub(
                new(row.GetString(0)),
                row.GetInt32(1),
                [row.GetString(2), row.GetString(3)],
                row.GetInt32(4),
                row.IsDBNull(5) || row.GetString(5).Length == 0 ? null : $"{row.GetString(5)}:{row.GetInt32(6)}",
                [])).FirstOrDefault();
        var peers = database.Query(
            $"""
            select name, public_key, pre_shared_key, ipv4_address, ipv6_address, server_allowed_ips, enabled, expires_at
            from clients_table order by id limit {ImportSource.MostPeers}
            """,
            row => new ImportedPeer(
                row.TextOrNull(0),
                row.GetString(1),
                row.TextOrNull(2) is { Length: > 0 } key ? new Secret(key) : null,
                [$"{row.GetString(3)}/32", $"{row.GetString(4)}/128", .. Networks(row.GetString(5))])
            {
                IsEnabled = row.GetBoolean(6),
                ExpiresAt = WgEasy.Time(row.TextOrNull(7)),
            });
        return new("wg-easy 15", hub, peers, [WgEasy.Nat]);
    }

    private static List<string> Networks(string list)
    {
        try
        {
            using var json = JsonDocument.Parse(list);
            return [.. json.RootElement.EnumerateArray().Select(item => item.GetString() ?? "")];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException("Not a list of networks.", exception);
        }
    }
}
