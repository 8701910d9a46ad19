namespace WgHub.Features.Tls.Acme;

public sealed class AcmeOptionsTests
{
    private static AcmeOptions Good => new() { AcmeNames = "VPN.example.com, 192.0.2.7,", AcmeAcceptTerms = true };

    public static TheoryData<string, Action<object>> Bad => new()
    {
        { "Tls:AcmeAcceptTerms", Set(options => options.AcmeAcceptTerms = false) },
        { "Tls:AcmeNames: *.example.com", Set(options => options.AcmeNames = "vpn.example.com, *.example.com") },
        { "Tls:AcmeNames: at most 100",
            Set(options => options.AcmeNames = string.Join(',', Enumerable.Range(0, 101).Select(number => $"a{number}.example.com"))) },
        { "Tls:AcmeDirectory", Set(options => options.AcmeDirectory = "http://ca.example/directory") },
        { "Tls:AcmeDirectory", Set(options => options.AcmeDirectory = "ca.example") },
        { "Tls:AcmeEmail", Set(options => options.AcmeEmail = "nobody") },
        { "Tls:AcmeCaFile", Set(options => options.AcmeCaFile = "/nowhere/ca.pem") },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void What_cannot_work_is_named(string named, Action<object> spoil)
    {
        var options = Good;
        spoil(options);

        Assert.StartsWith(named, new AcmeOptionsValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_names_nothing_else_matters() => Assert.True(new AcmeOptionsValidator().Validate(null, new() { AcmeEmail = "nobody" }).Succeeded);

    [Fact]
    public void Names_are_read_one_by_one()
    {
        Assert.True(new AcmeOptionsValidator().Validate(null, Good).Succeeded);
        Assert.Equal([new("dns", "vpn.example.com"), new("ip", "192.0.2.7")], Good.Wish.Names);
    }

    [Theory]
    [InlineData(false, null, "acme-v02.api.letsencrypt.org", false)]
    [InlineData(true, null, "acme-staging-v02.api.letsencrypt.org", true)]
    [InlineData(true, "https://ca.example/directory", "ca.example", false)]
    public void The_authority_is_Let_s_Encrypt_or_another_one(bool isStaging, string? directory, string host, bool saysStaging)
    {
        var options = new AcmeOptions { AcmeStaging = isStaging, AcmeDirectory = directory };

        Assert.Equal((host, saysStaging), (new Uri(options.Directory).Host, options.IsStaging));
    }

    private static Action<object> Set(Action<AcmeOptions> change) => options => change((AcmeOptions)options);
}
