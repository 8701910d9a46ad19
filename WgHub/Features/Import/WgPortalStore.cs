using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Import;

/// <summary>wg-portal's SQLite database, of version 2 and of version 1.</summary>
internal static class WgPortalStore
{
    public static bool IsVersion2(ForeignDatabase database) => database.Has("peers", "interface_identifier") && database.Has("interfaces", "listen_port");

    public static bool IsVersion1(ForeignDatabase database) => database.Has("peers", "ips_str") && database.Has("devices", "listen_port");

    public static IReadOnlyList<string> Interfaces(ForeignDatabase database) => IsVersion2(database)
        ? database.Query($"select identifier from interfaces order by identifier", row => row.GetString(0))
        : database.Query($"select device_name from devices order by device_name", row => row.GetString(0));

    /// <param name="name">One of <see cref="Interfaces"/>.</param>
    public static ImportSource Read(ForeignDatabase database, string name) => IsVersion2(database) ? Version2(database, name) : Version1(database, name);

    private static ImportSource Version2(ForeignDatabase database, string name)
    {
        var hub = database.Query(
            $"""
            select private_key, listen_port, (select group_concat(cidr_cidr) from interface_addresses where interface_identifier = interfaces.identifier), mtu, peer_def_endpoint, peer_def_dns_str
            from interfaces where identifier = {name}
            """,
            row => new ImportedHub(new(row.GetString(0)), row.GetInt32(1), List(row.TextOrNull(2)), Positive(row.GetInt32(3)), row.TextOrNull(4) is { Length: > 0 } endpoint ? endpoint : null, List(row.TextOrNull(5)))).FirstOrDefault();
        var peers = database.Query(
            $"""
            select display_name, public_key, preshared_key, (select group_concat(cidr_cidr) from peer_addresses where peer_identifier = peers.identifier), extra_allowed_ips_str, disabled is null, expires_at
            from peers where interface_identifier = {name} order by display_name, identifier limit {ImportSource.MostPeers}
            """,
            row => new ImportedPeer(row.TextOrNull(0), row.GetString(1), SecretOf(row.TextOrNull(2)), [.. List(row.TextOrNull(3)).Select(AsHost), .. List(row.TextOrNull(4))])
            {
                IsEnabled = row.GetBoolean(5),
                ExpiresAt = WgEasy.Time(row.TextOrNull(6)),
            });
        return new("wg-portal 2", hub, peers, []);
    }

    private static ImportSource Version1(ForeignDatabase database, string name)
    {
        var hub = database.Query(
            $"select private_key, listen_port, ips_str, mtu, default_endpoint, dns_str from devices where device_name = {name}",
            row => new ImportedHub(new(row.GetString(0)), row.GetInt32(1), List(row.TextOrNull(2)), Positive(row.GetInt32(3)), row.TextOrNull(4) is { Length: > 0 } endpoint ? endpoint : null, List(row.TextOrNull(5)))).FirstOrDefault();
        var peers = database.Query(
            $"select identifier, public_key, preshared_key, ips_str, deactivated_at is null from peers where device_name = {name} order by identifier, public_key limit {ImportSource.MostPeers}",
            row => new ImportedPeer(row.TextOrNull(0), row.GetString(1), SecretOf(row.TextOrNull(2)), [.. List(row.TextOrNull(3)).Select(AsHost)]) { IsEnabled = row.GetBoolean(4) });
        return new("wg-portal 1", hub, peers, []);
    }

    /// <summary>It may keep a client's address with the network's prefix; to the hub it is one address.</summary>
    private static string AsHost(string cidr) => cidr.Split('/')[0] is var address && address.Contains(':', StringComparison.Ordinal) ? $"{address}/128" : $"{address}/32";

    private static Secret? SecretOf(string? text) => text is { Length: > 0 } ? new(text) : null;

    private static int? Positive(int number) => number > 0 ? number : null;

    private static string[] List(string? text) => (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
