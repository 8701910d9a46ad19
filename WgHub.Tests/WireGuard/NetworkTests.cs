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
    [InlineData("fd00::/127")]
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

    [Theory]
    [InlineData("::/16")]
    [InlineData("::a00:0/104")]
    [InlineData("64:ff9b::/96")]
    [InlineData("64:ff9b:1::/48")]
    [InlineData("100::/64")]
    [InlineData("2001::/32")]
    [InlineData("2002:a08::/32")]
    [InlineData("fe80::/64")]
    [InlineData("fea0::/32")]
    [InlineData("fec0:1::/48")]
    [InlineData("ff02::/64")]
    [InlineData("ff00::/16")]
    public void A_network_that_no_machine_has_is_known(string text) => Assert.False(Six(text).IsForMachines);

    [Theory]
    [InlineData("fd00::/64")]
    [InlineData("fc00::/16")]
    [InlineData("2001:db8::/64")]
    [InlineData("2a01:4f8::/64")]
    [InlineData("2003::/16")]
    public void A_network_for_machines_is_one(string text) => Assert.True(Six(text).IsForMachines);

    [Theory]
    [InlineData("fd00::/64", "fd00::a08:3", "10.8.0.3")]
    [InlineData("fd00::/64", "fd00::3", null)]
    [InlineData("fd00::/64", "fd00::1:a08:3", null)]
    [InlineData("fd00::/64", "fd00::a09:3", null)]
    [InlineData("fd00::cafe:0/112", "fd00::cafe:3", "10.8.0.3")]
    [InlineData("fd00::cafe:0/112", "fd00::cafe:103", null)]
    [InlineData("fd00::cafe:0/112", "fd00::3", null)]
    public void An_IPv6_address_tells_whose_it_would_be(string network, string address, string? ipv4)
    {
        var found = Six(network).Ipv4Of(IPAddress.Parse(address), Ipv4Network.Parse("10.8.0.0/24"));

        Assert.Equal(ipv4, found is { } number ? Ipv4Network.ToText(number) : null);
        Assert.True(found is null || Six(network).AddressFor(found.Value) == address);
    }

    private static Ipv6Network Six(string text) => Ipv6Network.TryParse(text, out var network) ? network : throw new FormatException(text);

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
