using FsCheck.Fluent;
using WgHub.TestKit;

namespace WgHub.WireGuard;

public sealed class WgEndpointTests
{
    public static TheoryData<string> HostileTexts => [.. Hostile.Texts.Where(text => text is not "-a"), Hostile.Long, "-a", "a:1:2"];

    [Theory]
    [InlineData("vpn.example.com", "vpn.example.com:51820")]
    [InlineData("vpn.example.com:443", "vpn.example.com:443")]
    [InlineData("203.0.113.5:1", "203.0.113.5:1")]
    [InlineData("[2001:DB8::1]:65535", "[2001:db8::1]:65535")]
    [InlineData("[::1]", "[::1]:51820")]
    [InlineData("hub", "hub:51820")]
    [InlineData("3com.example", "3com.example:51820")]
    [InlineData("my_hub.example.com:443", "my_hub.example.com:443")]
    [InlineData("_vpn.example.com.", "_vpn.example.com:51820")]
    [InlineData("2001:db8::1", "[2001:db8::1]:51820")]
    [InlineData("2001:db8:1:2:3:4:5:6:443", "[2001:db8:1:2:3:4:5:6]:443")]
    [InlineData("2001:db8::1:51821", "[2001:db8::1]:51821")]
    public void It_is_read_and_written(string text, string written)
    {
        Assert.True(WgEndpoint.TryParse(text, 51820, out var endpoint));
        Assert.Equal(written, endpoint.ToString());
    }

    [Fact]
    public void What_was_written_is_read_again() =>
        Any.Holds(Any.Address.Zip(Gen.Choose(1, 65535)), value =>
            WgEndpoint.TryParse($"{Ipv4Network.ToText(value.Item1)}:{value.Item2}", 1, out var endpoint)
            && WgEndpoint.TryParse(endpoint.ToString(), 1, out var again) && again == endpoint);

    [Theory]
    [InlineData("")]
    [InlineData(":51820")]
    [InlineData("hub:0")]
    [InlineData("hub:65536")]
    [InlineData("hub:")]
    [InlineData("hub: 1")]
    [InlineData("hub:１")]
    [InlineData("hub\n:1")]
    [InlineData("hub:1\nPostUp=id")]
    [InlineData("hub-.example")]
    [InlineData("hub..example")]
    [InlineData(".hub")]
    [InlineData("10.8.0")]
    [InlineData("010.8.0.1")]
    [InlineData("10.8.0.256")]
    [InlineData("1.2.3.4.5")]
    [InlineData("2001:db8::1::2")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[10.8.0.1]")]
    [InlineData("[fe80::1%eth0]:1")]
    [InlineData("[::1]:1:2")]
    [InlineData("аpple.example")]    // its first letter is Cyrillic
    [InlineData(null)]
    [MemberData(nameof(HostileTexts))]
    public void What_is_no_endpoint_is_refused(string? text) => Assert.False(WgEndpoint.TryParse(text, 51820, out _));
}
