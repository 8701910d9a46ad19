using System.Text.RegularExpressions;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>A bridge of a Proxmox VE node, and a network on it that the node itself has an address in: its virtual machines may be there.</summary>
internal sealed partial record NodeBridge(string Name, Cidr Network)
{
    public const int LongestText = 1_000;

    public const string Rule = "Bridges with the node's addresses on them, such as vmbr1=10.10.0.1/24, with spaces between.";

    private const int Most = 32;
    private const int LongestOwner = 40;

    /// <summary>What a node told, and what the database keeps of it; a network that nobody could be led to is passed over.</summary>
    public static IReadOnlyList<NodeBridge> Parse(string text) =>
    [
        .. Words(text).Select(word => word.Split('=', 2))
            .Where(parts => parts.Length == 2 && Shape().IsMatch(parts[0]))
            .Select(parts => Cidr.TryParseAround(parts[1], out var network, out _) && network.IsForMachines ? new NodeBridge(parts[0], network) : null)
            .OfType<NodeBridge>()
            .Distinct()
            .Take(Most),
    ];

    /// <summary>Reads what a node tells; see <see cref="Rule"/>.</summary>
    public static bool TryParse(string? text, out string bridges)
    {
        bridges = string.Join(' ', Words(text ?? ""));
        return bridges.Length <= LongestText && Words(bridges).All(word => Told().IsMatch(word));
    }

    /// <summary>The form for a network, filled: behind this node, with these addresses.</summary>
    public string HrefOfNetwork(string spoke)
    {
        var owner = spoke.Length > LongestOwner ? spoke[..LongestOwner] : spoke;
        IEnumerable<KeyValuePair<string, string?>> fields = [new("name", $"{owner}-{Name}"), new("cidr", Network.ToString()), new("via", spoke)];
        return $"/networks{QueryString.Create(fields)}#new";
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"\Avmbr[0-9]{1,4}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();

    [GeneratedRegex(@"\Avmbr[0-9]{1,4}=[0-9a-fA-F.:]{2,45}/[0-9]{1,3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Told();
}
