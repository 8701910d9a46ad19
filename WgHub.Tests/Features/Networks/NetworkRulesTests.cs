using FsCheck;
using FsCheck.Fluent;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Networks;

/// <summary>Overlaps, held against a look at every address.</summary>
public sealed class NetworkRulesTests
{
    /// <summary>All of a /27, or of a /123, in small pieces near each other.</summary>
    private static Gen<Cidr> Pieces => Gen.Choose(0, 31).Zip(Gen.Choose(0, 5)).Zip(Gen.Elements(false, true)).Select(value => value.Item2
        ? new Cidr(Base6 + (uint)value.Item1.Item1, 128, true).Around(128 - value.Item1.Item2)
        : new Cidr(0x0A4D0000u + (uint)value.Item1.Item1, 32, false).Around(32 - value.Item1.Item2));

    private static UInt128 Base6 => (UInt128)0xfd77 << 112;

    [Fact]
    public void Two_networks_overlap_just_when_they_share_an_address() =>
        Any.Holds(Pieces.Zip(Pieces), pair =>
            pair.Item1.Overlaps(pair.Item2) == Addresses(pair.Item1).Intersect(Addresses(pair.Item2)).Any()
            && pair.Item1.Contains(pair.Item2) == Addresses(pair.Item2).IsSubsetOf(Addresses(pair.Item1)));

    [Fact]
    public void What_is_written_is_what_is_read() =>
        Any.Holds(Pieces, network => Cidr.TryParse(network.ToString(), out var read) && read == network && read.ToString() == network.ToString());

    [Fact]
    public void No_address_is_led_behind_two_gateways() =>
        Any.Holds(Pieces.Zip(Gen.Elements("", "a", "b")).ListOf(), wishes =>
        {
            List<Network> taken = [];
            foreach (var (cidr, via) in wishes)
            {
                var network = Named(taken.Count, cidr, via);
                try
                {
                    NetworkRules.RefuseOverlap(network, [], taken);
                    taken.Add(network);
                }
                catch (AppException)
                {
                    // Then it overlaps one behind somebody else, or is one.
                    if (!taken.Any(other => other.Cidr.Overlaps(cidr) && (other.Behind != network.Behind || other.Cidr == cidr)))
                    {
                        return false;
                    }
                }
            }

            return taken.GroupBy(network => network.Behind).SelectMany(group => group.SelectMany(network => Addresses(network.Cidr)).Distinct())
                .GroupBy(address => address).All(address => address.Count() == 1);
        });

    [Theory]
    [InlineData("10.10.0.1/24", "10.10.0.0/24")]
    [InlineData("fd00:1::5/64", "fd00:1::/64")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("255.255.255.255/32", "255.255.255.255/32")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/0", "::/0")]
    public void An_address_with_a_prefix_is_in_its_network(string text, string network)
    {
        Assert.True(Cidr.TryParseAround(text, out var read, out var hasHostBits));
        Assert.Equal((network, text != network), (read.ToString(), hasHostBits));
    }

    private static Network Named(int number, Cidr cidr, string via) => new()
    {
        Id = $"{number}",
        Hub = new("hub"),
        Name = NetworkName.Parse($"n{number}"),
        Cidr = cidr,
        IsBehindHub = via.Length == 0,
        Via = via.Length == 0 ? null : new(via, via, new(1), null, default),
        ActiveSince = default,
        Masquerade = false,
        CreatedAt = default,
    };

    private static HashSet<(bool, UInt128)> Addresses(Cidr network)
    {
        HashSet<(bool, UInt128)> all = [];
        for (var address = network.First; address <= network.Last; address++)
        {
            all.Add((network.IsIPv6, address));
        }

        return all;
    }
}
