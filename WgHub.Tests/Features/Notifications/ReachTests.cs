using System.Net;

namespace WgHub.Features.Notifications;

/// <summary>Where webhooks may go, as it is written and as it is connected to.</summary>
public sealed class ReachTests
{
    private static readonly ReachOptions Strict = new(false, false);
    private static readonly ReachOptions Home = new(true, false);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.8.8")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:a9fe:a9fe::")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("192.0.0.192")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("ff02::1")]
    [InlineData("2001:db8::1")]
    [InlineData("198.51.100.7")] // this machine's own, below
    public void Some_addresses_are_reached_by_no_setting_for_private_networks(string address)
    {
        IPAddress[] own = [IPAddress.Parse("198.51.100.7")];
        Assert.NotNull(Reach.RefusalOf(IPAddress.Parse(address), Strict, own));
        Assert.NotNull(Reach.RefusalOf(IPAddress.Parse(address), Home, own));
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("fd12:3456::1")]
    [InlineData("::ffff:10.1.2.3")]
    [InlineData("64:ff9b::a01:203")]
    public void Private_networks_are_reached_by_a_setting_that_says_so(string address)
    {
        Assert.Contains("Notifications:AllowPrivateNetworks", Reach.RefusalOf(IPAddress.Parse(address), Strict, []), StringComparison.Ordinal);
        Assert.Null(Reach.RefusalOf(IPAddress.Parse(address), Home, []));
    }

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("64:ff9b::101:101")]
    public void The_internet_is_reached(string address) => Assert.Null(Reach.RefusalOf(IPAddress.Parse(address), Strict, []));

    [Theory]
    [InlineData("http://example.com/")]
    [InlineData("ftp://example.com/")]
    [InlineData("https://user:secret@example.com/")]
    [InlineData("https://example.com/#part")]
    [InlineData("https:///path")]
    [InlineData("//example.com/")]
    [InlineData("https://exa mple.com/")]
    [InlineData("https://example.com/\r\nX-Header: 1")]
    [InlineData("https://localhost/")]
    [InlineData("https://LOCALHOST./")]
    [InlineData("https://hub.localhost/")]
    [InlineData("https://127.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f.0.0.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:169.254.169.254]/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://[fe80::1%25eth0]/")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("")]
    public void An_address_is_refused_as_it_is_written(string text)
    {
        Assert.Null(WebhookUrl.TryRead(text, Home, out var why));
        Assert.EndsWith(".", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://example.com/hooks?key=1")]
    [InlineData("https://example.com:8443")]
    [InlineData("https://1.1.1.1/")]
    [InlineData("https://bücher.example/")]
    public void Other_addresses_are_taken(string text) => Assert.NotNull(WebhookUrl.TryRead(text, Strict, out _));

    [Fact]
    public void Loopback_is_reached_only_where_a_setting_says_so()
    {
        Assert.NotNull(WebhookUrl.TryRead("http://127.0.0.1:8080/", new(false, true), out _));
        Assert.NotNull(WebhookUrl.TryRead("http://localhost/", new(false, true), out _));
        Assert.Null(WebhookUrl.TryRead("http://example.com/", new(true, true), out _));
    }
}
