using System.Text.RegularExpressions;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Import;

/// <summary>
/// WGDashboard: its database <c>wgdashboard.db</c>, a table for each interface and one for its restricted peers. The hub's own key stands in
/// the conf file alone.
/// </summary>
internal static partial class WgDashboardStore
{
    private const string Restricted = "_restrict_access";

    public static IReadOnlyList<string> Interfaces(ForeignDatabase database) =>
        [.. database.Tables.Where(name => InterfaceName().IsMatch(name) && database.Tables.Contains(name + Restricted) && database.Has(name, "allowed_ip"))
            .Order(StringComparer.Ordinal)];

    /// <param name="name">One of <see cref="Interfaces"/>.</param>
    public static ImportSource Read(ForeignDatabase database, string name) =>
        new("WGDashboard", null, [.. Peers(database, name, true), .. Peers(database, name + Restricted, false)], []);

    private static List<ImportedPeer> Peers(ForeignDatabase database, string table, bool isEnabled)
    {
        var from = new SqlPart($"\"{table}\""); // of InterfaceName's letters: no quote gets in
        return database.Query(
            $"select id, name, preshared_key, allowed_ip from {from} order by id limit {ImportSource.MostPeers}",
            row => new ImportedPeer(
                row.TextOrNull("name"),
                row.Text("id"),
                row.TextOrNull("preshared_key") is { Length: > 0 } key ? new Secret(key) : null,
                (row.TextOrNull("allowed_ip") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                IsEnabled = isEnabled,
            });
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9_=+.-]{1,15}\z", RegexOptions.CultureInvariant)]
    private static partial Regex InterfaceName();
}
