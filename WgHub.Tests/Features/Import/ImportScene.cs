using WgHub.TestKit;
using WgHub.WireGuard;

namespace WgHub.Features.Import;

/// <summary>A hub of 10.8.0.0/24 with one neighbour, and what is to come to it.</summary>
internal static class ImportScene
{
    public static readonly string HubKey = Wg.NewKey();
    public static readonly string Neighbour = Wg.NewKey();

    public static readonly ImportTarget Target = new(Ipv4Network.Parse("10.8.0.0/24"), null, Address("10.8.0.1"), PublicKey.Parse(HubKey));

    public static readonly PresentState Present = new(
        new HashSet<string> { "", "taken" },
        new Dictionary<uint, string> { [Address("10.8.0.1")] = "", [Address("10.8.0.9")] = "neighbour" },
        new Dictionary<PublicKey, string> { [PublicKey.Parse(Neighbour)] = "neighbour" },
        [Ipv4Network.Parse("192.168.9.0/24")],
        [Ipv4Network.Parse("192.168.5.0/24")]);

    public static ImportSource Source(params ImportedPeer[] peers) => new("test", null, peers, []);

    /// <param name="addresses">Separated by commas.</param>
    public static ImportedPeer Peer(string? name, string addresses) =>
        new(name, Wg.NewKey(), null, addresses.Split(',', StringSplitOptions.RemoveEmptyEntries));

    public static uint Address(string text) => Ipv4Network.TryParseAddress(text, out var address) ? address : throw new FormatException(text);
}
