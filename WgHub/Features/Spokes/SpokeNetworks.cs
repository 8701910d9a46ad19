using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>The networks that a spoke carries now. The room Networks writes them; here they are read along with the spoke.</summary>
internal static class SpokeNetworks
{
    /// <summary>One text for <see cref="Parse"/>, by their spoke.</summary>
    public static readonly SqlPart Column = new(
        """
        coalesce((select string_agg(networks.cidr, ',' order by networks.cidr) from networks where networks.active_spoke_id = spokes.id), '') as networks
        """);

    public static IReadOnlyList<Cidr> Parse(string text) => text.Length == 0 ? [] : [.. text.Split(',').Select(Cidr.Parse)];
}
