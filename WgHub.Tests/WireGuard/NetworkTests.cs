using System.Net;
using FsCheck.Fluent;
using WgHub.TestKit;

namespace WgHub.WireGuard;

public sealed class NetworkTests
{
    public static TheoryData<string> HostileTexts => [.. Hostile.Texts, Hostile.Long];

    [Fact]
    public void A_network_has_the_bounds_that_its_prefix_says() =>
        Any.Holds(Any.Address.Zip(Gen.Choose(1, 32)), value =>
        {
            var (address, prefix) = value;
            var first = (uint)(address & ~((1UL << (32 - prefix)) - 1));
            var text = $"{Ipv4Network.ToText(first)}/{prefix}";
            return Ipv4Network.TryParse(text, out var network)
                && network.ToString() == text
                && network.Last - (ulong)network.First == (1UL << (32 - prefix)) - 1
                && network.Contains(address);
        });

    [Fact]
    public void Networks_overlap_when_one_holds_the_others_first_address() =>
        Any.Holds(Any.Address.Zip(Any.Address).Zip(Gen.Choose(1, 32).Zip(Gen.Choose(1, 32))), value =>
        {
            var ((a, b), (aPrefix, bPrefix)) = value;
            var (one, other) = (Network(a, aPrefix), Network((a & 0xFFFF0000) | (b & 0xFFFF), bPrefix));
            var expected = one.Contains(other.First) || other.Contains(one.First);
            return one.Overlaps(other) == expected && other.Overlaps(one) == expected;
        });

    [Fact]
    public void An_address_is_read_in_one_spelling_alone() =>
        Any.Holds(Any.Address, address => Ipv4Network.TryParseAddress(Ipv4Network.ToText(address), out var again) && again == address
            && !Ipv4Network.TryParseAddress("0" + Ipv4Network.ToText(address), out _)
            && !Ipv4Network.TryParseAddress(Ipv4Network.ToText(address) + "\n", out _));

    [Theory]
    [InlineData("10.8.0.1/22")]      // host bits
    [InlineData("0.0.0.0/0")]
    [InlineData("10.8.0.0/33")]
    [InlineData("10.8.0.0/-1")]
    [InlineData("10.8.0.0/022")]
    [InlineData("10.8.0.0/+22")]
    [InlineData("10.8.0.0/ 22")]
    [InlineData("10.8.0.0")]
    [InlineData("10.8.0.0/22/1")]
    [InlineData("10.8.0/22")]
    [InlineData("010.8.0.0/22")]
    [InlineData("0x0a.8.0.0/22")]
    [InlineData("168296448/22")]
    [InlineData("10.8.0.0/22\nPostUp=id")]
    [InlineData("１０.8.0.0/22")]
    [InlineData("fd00::/64")]
    [InlineData(null)]
    [MemberData(nameof(HostileTexts))]
    public void What_is_no_IPv4_network_is_refused(string? text) => Assert.False(Ipv4Network.TryParse(text, out _));

    [Theory]
    [InlineData("fd00::1/64")]       // host bits
    [InlineData("fd00::/15")]
    [InlineData("fd00::/97")]
    [InlineData("fd00::/064")]
    [InlineData("fd00::")]
    [InlineData("[fd00::]/64")]
    [InlineData("fd00::%eth0/64")]
    [InlineData("::ffff:10.8.0.0/96")]
    [InlineData("10.8.0.0/22")]
    [InlineData("fd00::/64\n")]
    [InlineData(null)]
    [MemberData(nameof(HostileTexts))]
    public void What_is_no_IPv6_network_is_refused(string? text) => Assert.False(Ipv6Network.TryParse(text, out _));

    [Fact]
    public void An_IPv6_network_gives_every_IPv4_address_one_of_its_own() =>
        Any.Holds(Any.Byte.ArrayOf(16).Zip(Gen.Choose(16, 96)).Zip(Any.Address), value =>
        {
            var ((bytes, prefix), address) = value;
            bytes[0] = 0xfd;
            var text = $"{Masked(bytes, prefix)}/{prefix}";
            return Ipv6Network.TryParse(text, out var network)
                && network.ToString() == text
                && IPNetwork.Parse(text).Contains(IPAddress.Parse(network.AddressFor(address)))
                && IPAddress.Parse(network.AddressFor(address))
                    .GetAddressBytes()
                    .AsSpan(12)
                    .SequenceEqual(IPAddress.Parse(Ipv4Network.ToText(address)).GetAddressBytes());
        });

    private static Ipv4Network Network(uint address, int prefix) => new((uint)(address & ~((1UL << (32 - prefix)) - 1)), prefix);

    private static IPAddress Masked(byte[] bytes, int prefix) =>
        new([.. bytes.Select((value, index) => (byte)(value & (0xff00 >> Math.Clamp(prefix - (index * 8), 0, 8))))]);
}
