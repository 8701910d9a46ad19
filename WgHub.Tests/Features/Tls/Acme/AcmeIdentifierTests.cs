namespace WgHub.Features.Tls.Acme;

public sealed class AcmeIdentifierTests
{
    [Theory]
    [InlineData("VPN.Example.com", "dns", "vpn.example.com", "vpn.example.com")]
    [InlineData("xn--bcher-kva.example", "dns", "xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("192.0.2.7", "ip", "192.0.2.7", "7.2.0.192.in-addr.arpa")]
    [InlineData("2001:DB8:0::1", "ip", "2001:db8::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")]
    public void A_name_is_read_and_has_a_server_name(string text, string type, string value, string serverName)
    {
        Assert.True(AcmeIdentifier.TryParse(text, out var identifier));
        Assert.Equal((type, value, serverName), (identifier.Type, identifier.Value, identifier.ServerName));
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("*.example.com")]
    [InlineData("bücher.example")]
    [InlineData("1")]
    [InlineData("192.0.2")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("192.000.2.007")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[2001:db8::1]:443")]
    [InlineData("-a.example")]
    [InlineData("a..example")]
    [InlineData("a.example.")]
    [InlineData("https://vpn.example.com")]
    [InlineData("vpn.example.com:443")]
    [InlineData("vpn.example.com\n")]
    public void What_no_authority_certifies_is_refused(string text) => Assert.False(AcmeIdentifier.TryParse(text, out _));
}
