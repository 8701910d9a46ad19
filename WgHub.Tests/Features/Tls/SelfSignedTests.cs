using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Tls;

/// <summary>The hub's own certificate: install lines and browsers hold on to its key for years.</summary>
public sealed class SelfSignedTests : TimedHubTest
{
    private readonly Dictionary<string, string> _settings = [];

    private protected override TestHub Make() => new() { Urls = ["https://127.0.0.1:0"], Settings = _settings, Time = Time, IsSetUp = false };

    private CertificatePair Current => Hub.Get<Certificates>().Current!;

    [Fact]
    public async Task It_names_this_machine_and_lasts_no_longer_than_clients_accept()
    {
        _settings["Web:PublicUrl"] = "https://vpn.example.com";
        await Hub.RestartAsync();

        Assert.Superset(
            new HashSet<string> { "localhost", "127.0.0.1", "vpn.example.com", Environment.MachineName.ToLowerInvariant() }, Current.Names.ToHashSet());
        Assert.True(Current.IsSelfIssued);
        Assert.InRange(Current.NotAfter - Current.NotBefore, TimeSpan.FromDays(700), TimeSpan.FromDays(825));
    }

    [Fact]
    public async Task A_restart_keeps_the_very_certificate()
    {
        var before = Current.Fingerprint;

        await Hub.RestartAsync();

        Assert.Equal(before, Current.Fingerprint);
        await using var client = await TlsClient.ConnectAsync(Hub.Url);
        Assert.Equal(Current.Leaf.Thumbprint, client.Certificate.Thumbprint);
    }

    [Fact]
    public async Task A_new_name_makes_a_new_certificate_of_the_same_key()
    {
        var (pin, fingerprint) = (Current.Pin, Current.Fingerprint);

        _settings["Web:PublicUrl"] = "https://[2001:db8::7]:8443";
        await Hub.RestartAsync();

        Assert.Contains("2001:db8::7", Current.Names);
        Assert.NotEqual(fingerprint, Current.Fingerprint);
        Assert.Equal(pin, Current.Pin);
    }

    [Fact]
    public async Task It_is_renewed_with_the_same_key_while_the_hub_runs()
    {
        var (pin, end) = (Current.Pin, Current.NotAfter);
        await Hub.Get<CertificateLoop>().RunOnceAsync(Cancel);
        Assert.Equal(end, Current.NotAfter);

        Time.Set(end - TimeSpan.FromDays(30));
        await Hub.Get<CertificateLoop>().RunOnceAsync(Cancel);

        Assert.True(Current.NotAfter > end);
        Assert.Equal(pin, Current.Pin);
        await using var client = await TlsClient.ConnectAsync(Hub.Url);
        Assert.Equal(Current.Leaf.Thumbprint, client.Certificate.Thumbprint);
    }

    [Fact]
    public async Task Its_key_lies_in_the_database_under_the_master_key()
    {
        var key = Hub.Get<CertificateStore>().Find(SelfSigned.Name)!.Key.Reveal().Split('\n')[1];
        await Hub.StopAsync();

        foreach (var file in Hub.Folder.GetFiles("*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain(key, await File.ReadAllTextAsync(file.FullName, Cancel), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_administrator_sees_it_and_nobody_else()
    {
        var page = WebUtility.HtmlDecode((await Hub.Admin.GetAsync("/settings/certificate")).Expect(HttpStatusCode.OK).Body);

        Assert.Contains(Current.Pin, page, StringComparison.Ordinal);
        Assert.Contains(Current.Fingerprint, page, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await Hub.Operator.GetAsync("/settings/certificate")).Status);
    }
}
