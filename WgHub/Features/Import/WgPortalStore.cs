using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Import;

/// <summary>wg-portal's SQLite database, of version 2 and of version 1.</summary>
internal static class WgPortalStore
{
    public static bool IsVersion2(ForeignDatabase database) => database.Has("peers", "interface_identifier") && database.Has("interfaces", "listen_port");

    public static bool IsVersion1(ForeignDatabase database) => database.Has("peers", "ips_str") && database.Has("devices", "listen_port");

    public static IReadOnlyList<string> Interfaces(ForeignDatabase database) => IsVersion2(database)
        ? database.Query($"select identifier from interfaces order by identifier", row => row.Text("identifier"))
        : database.Query($"select device_name from devices order by device_name", row => row.Text("device_name"));

    /// <param name="name">One of <see cref="Interfaces"/>.</param>
    public static ImportSource Read(ForeignDatabase database, string name) => IsVersion2(database) ? Version2(database, name) : Version1(database, name);

    private static ImportSource Version2(ForeignDatabase database, string name)
    {
        var hub = database.Query(
            $"""
            select private_key, listen_port, (select group_concat(cidr_cidr) from interface_addresses
                where interface_identifier = interfaces.identifier) as cidrs, mtu, peer_def_endpoint, peer_def_dns_str
            from interfaces where identifier = {name}
            """,
            row =>
                new ImportedHub(
                    new(row.Text("private_key")), row.Int("listen_port"), List(row.TextOrNull("cidrs")), Positive(row.Int("mtu")),
                    row.TextOrNull("peer_def_endpoint") is { Length: > 0 } endpoint ? endpoint : null, List(row.TextOrNull("peer_def_dns_str"))))
                .FirstOrDefault();
        var peers = database.Query(
            $"""
            select display_name, public_key, preshared_key, (select group_concat(cidr_cidr) from peer_addresses
                where peer_identifier = peers.identifier) as cidrs, extra_allowed_ips_str, disabled is null as enabled, expires_at
            from peers where interface_identifier = {name} order by display_name, identifier limit {ImportSource.MostPeers}
            """,
            row =>
                new ImportedPeer(
                    row.TextOrNull("display_name"), row.Text("public_key"), SecretOf(row.TextOrNull("preshared_key")),
                    [.. List(row.TextOrNull("cidrs")).Select(AsHost), .. List(row.TextOrNull("extra_allowed_ips_str"))])
                {
                    IsEnabled = row.Flag("enabled"),
                    ExpiresAt = WgEasy.Time(row.TextOrNull("expires_at")),
                });
        return new("wg-portal 2", hub, peers, []);
    }

    private static ImportSource Version1(ForeignDatabase database, string name)
    {
        var hub = database.Query(
            $"select private_key, listen_port, ips_str, mtu, default_endpoint, dns_str from devices where device_name = {name}",
            row =>
                new ImportedHub(
                    new(row.Text("private_key")), row.Int("listen_port"), List(row.TextOrNull("ips_str")), Positive(row.Int("mtu")),
                    row.TextOrNull("default_endpoint") is { Length: > 0 } endpoint ? endpoint : null, List(row.TextOrNull("dns_str"))))
                .FirstOrDefault();
        var peers = database.Query(
            $"select identifier, public_key, preshared_key, ips_str, deactivated_at is null as enabled from peers where device_name = {name} order by identifier, public_key limit {ImportSource.MostPeers}",
            row =>
                new ImportedPeer(
                    row.TextOrNull("identifier"), row.Text("public_key"), SecretOf(row.TextOrNull("preshared_key")),
                    [.. List(row.TextOrNull("ips_str")).Select(AsHost)])
                { IsEnabled = row.Flag("enabled") });
        return new("wg-portal 1", hub, peers, []);
    }

    /// <summary>It may keep a client's address with the network's prefix; to the hub it is one address.</summary>
    private static string AsHost(string cidr) =>
        cidr.Split('/')[0] is var address && address.Contains(':', StringComparison.Ordinal) ? $"{address}/128" : $"{address}/32";

    private static Secret? SecretOf(string? text) => text is { Length: > 0 } ? new(text) : null;

    private static int? Positive(int number) => number > 0 ? number : null;

    private static string[] List(string? text) => (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
