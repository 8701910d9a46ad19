using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>The networks behind a spoke as one text, with commas between them.</summary>
internal static class SpokeNetworks
{
    public static IReadOnlyList<Ipv4Network> Parse(string text) => text.Length == 0 ? [] : [.. text.Split(',').Select(Ipv4Network.Parse)];

    public static string ToText(IEnumerable<Ipv4Network> networks) => string.Join(',', networks);
}
