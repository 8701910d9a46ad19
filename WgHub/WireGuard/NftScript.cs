using System.Globalization;
using System.Text;

namespace WgHub.WireGuard;

/// <summary>
/// Writes <see cref="NftRules"/> as what <c>nft -f</c> reads. All that goes in is a number, an address or a name that was made here: nothing
/// that a person typed.
/// </summary>
internal static class NftScript
{
    /// <summary>RFC 6890: what is not the internet though nobody named it.</summary>
    private static readonly Cidr[] NotInternet =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "224.0.0.0/3", "::/8", "100::/64", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(text => Cidr.Parse(text)),
    ];

    /// <summary>The counter of what no rule allowed.</summary>
    public const string Refused = "refused";

    /// <summary>The maps: whose own rules hold for a peer, and whose it shares.</summary>
    public const string Spokes = "spoke", Groups = "group";

    private const string TableStart = "wghub_";

    private static readonly string[] Maps = [Spokes, Groups];

    /// <returns><c>map</c> or <c>set</c>.</returns>
    public static string KindOf(string set) => Maps.Any(map => set.StartsWith(map, StringComparison.Ordinal)) ? "map" : "set";

    /// <summary>True for the table of an interface of ours, also of another hub's.</summary>
    public static bool IsTable(string table) => table.StartsWith(TableStart, StringComparison.Ordinal);

    /// <summary>The name of an interface's table.</summary>
    public static string Table(string name) =>
        $"{TableStart}{string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_' ? $"{letter}" : $"_{(int)letter:x2}"))}";

    /// <summary>The whole table, in place of the one before in one step.</summary>
    /// <param name="counted">What counters have counted until now, by name.</param>
    /// <param name="members">Who is in which zone.</param>
    public static string Whole(
        string name, int mtu, NftRules rules, IReadOnlyDictionary<string, NftCount> counted, IEnumerable<PeerZone> members)
    {
        var text = new StringBuilder(4096);
        text.Append(CultureInfo.InvariantCulture, $"add table inet {Table(name)}\ndelete table inet {Table(name)}\ntable inet {Table(name)} {{\n");
        foreach (var counter in rules.All.Select(rule => rule.Counter).Append(Refused).Distinct())
        {
            var (packets, bytes) = counted.GetValueOrDefault(counter, new(0, 0));
            text.Append(CultureInfo.InvariantCulture, $"counter {counter} {{ packets {packets} bytes {bytes} }}\n");
        }

        var entries = new NftEntries(rules, members);
        foreach (var family in NftFamily.Both)
        {
            foreach (var (set, networks) in NetworkSets(rules))
            {
                text.Append(Addresses($"set {set}_{family} {{ type {NftFamily.TypeOf(family)}\nflags interval", Networks(family, networks)));
            }

            foreach (var set in entries.Sets)
            {
                text.Append(Addresses($"set {set}_{family} {{ type {NftFamily.TypeOf(family)}", entries.InSet(set, family)));
            }

            foreach (var map in Maps)
            {
                text.Append(Addresses($"map {map}_{family} {{ type {NftFamily.TypeOf(family)} : verdict", entries.InMap(map, family)));
            }
        }

        return text.Append(NftChains.Of(name, mtu, rules)).Append("}\n").ToString();
    }

    /// <summary>Only what differs for some peers.</summary>
    /// <param name="before">What is in the table now.</param>
    /// <param name="after">What is to be there.</param>
    /// <returns>Empty when nothing differs.</returns>
    public static string Change(string name, NftRules rules, IReadOnlyList<PeerZone> before, IReadOnlyList<PeerZone> after)
    {
        var text = new StringBuilder();
        var (old, now) = (new NftEntries(rules, before), new NftEntries(rules, after));
        foreach (var family in NftFamily.Both)
        {
            foreach (var set in old.Sets)
            {
                Difference(text, name, $"{set}_{family}", [.. old.InSet(set, family)], [.. now.InSet(set, family)], entry => entry);
            }

            foreach (var map in Maps)
            {
                Difference(text, name, $"{map}_{family}", [.. old.InMap(map, family)], [.. now.InMap(map, family)], entry => entry.Split(' ')[0]);
            }
        }

        return text.ToString();
    }

    /// <summary>What stands in each set and map, as nft prints it.</summary>
    public static IReadOnlyDictionary<string, HashSet<string>> Members(NftRules rules, IEnumerable<PeerZone> members)
    {
        var entries = new NftEntries(rules, members);
        return NftFamily.Both.SelectMany(family => (IEnumerable<(string Name, IEnumerable<string> Members)>)
            [
                .. NetworkSets(rules).Select(set => ($"{set.Name}_{Text(family)}", Networks(family, set.Networks))),
                .. entries.Sets.Select(set => ($"{set}_{Text(family)}", entries.InSet(set, family))),
                .. Maps.Select(map => ($"{map}_{Text(family)}", entries.InMap(map, family))),
            ])
            .ToDictionary(set => set.Name, set => set.Members.ToHashSet());
    }


    private static (string Name, IEnumerable<Cidr> Networks)[] NetworkSets(NftRules rules) =>
        [("barred", rules.Barred), ("tunnel", rules.Tunnel), ("inside", [.. NotInternet, .. rules.Tunnel, .. rules.Named])];

    /// <summary>Without those inside of others: nft refuses what overlaps, and would print something else for what it joined.</summary>
    private static IEnumerable<string> Networks(int family, IEnumerable<Cidr> networks)
    {
        List<Cidr> kept = [];
        foreach (var network in networks.Where(network => NftFamily.Of(network) == family).OrderBy(network => network.PrefixLength))
        {
            if (!kept.Any(larger => larger.Contains(network)))
            {
                kept.Add(network);
            }
        }

        return kept.Select(network => network.PrefixLength == network.Bits ? network.Address : $"{network}");
    }

    private static string Addresses(string head, IEnumerable<string> entries)
    {
        var members = string.Join(",\n", entries);
        return $"{head}\n{(members.Length > 0 ? $"elements = {{ {members} }}\n" : "")}}}\n";
    }

    private static void Difference(StringBuilder text, string name, string set, HashSet<string> before, HashSet<string> after, Func<string, string> keyOf)
    {
        if (before.Except(after).Select(keyOf).ToList() is { Count: > 0 } gone)
        {
            text.Append(CultureInfo.InvariantCulture, $"delete element inet {Table(name)} {set} {{ {string.Join(", ", gone)} }}\n");
        }

        if (after.Except(before).ToList() is { Count: > 0 } come)
        {
            text.Append(CultureInfo.InvariantCulture, $"add element inet {Table(name)} {set} {{ {string.Join(", ", come)} }}\n");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
