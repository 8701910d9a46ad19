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
            select interfaces_table.private_key, interfaces_table.port, interfaces_table.ipv4_cidr, interfaces_table.ipv6_cidr, interfaces_table.mtu,
                user_configs_table.host, user_configs_table.port as host_port
            from interfaces_table left join user_configs_table on user_configs_table.id = interfaces_table.name order by interfaces_table.name limit 1
            """,
            row => new ImportedHub(
                new(row.Text("private_key")),
                row.Int("port"),
                [row.Text("ipv4_cidr"), row.Text("ipv6_cidr")],
                row.Int("mtu"),
                row.TextOrNull("host") is { Length: > 0 } host ? $"{host}:{row.Int("host_port")}" : null,
                [])).FirstOrDefault();
        var peers = database.Query(
            $"""
            select name, public_key, pre_shared_key, ipv4_address, ipv6_address, server_allowed_ips, enabled, expires_at
            from clients_table order by id limit {ImportSource.MostPeers}
            """,
            row => new ImportedPeer(
                row.TextOrNull("name"),
                row.Text("public_key"),
                row.TextOrNull("pre_shared_key") is { Length: > 0 } key ? new Secret(key) : null,
                [$"{row.Text("ipv4_address")}/32", $"{row.Text("ipv6_address")}/128", .. Networks(row.Text("server_allowed_ips"))])
            {
                IsEnabled = row.Flag("enabled"),
                ExpiresAt = WgEasy.Time(row.TextOrNull("expires_at")),
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
