using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Tls.Acme;

/// <summary>When the authority is asked again, over failures, restarts and changes of mind.</summary>
public sealed class AcmeOrdersTests : TimedHubTest
{
    private static readonly AcmeException Failure = new("connection", "Open port 80.", "refused");
    private static readonly AcmeWish Wish = new("https://ca.example/directory", [new("dns", "vpn.example.com")], null, null);

    private protected override TestHub Make() => new() { IsSetUp = false, Time = Time };

    private AcmeOrders Orders => Hub.Get<AcmeOrders>();

    private bool IsDue => AcmeSchedule.DueAt(Wish, Orders.Last, Orders.Certificate?.Leaf) <= Time.GetUtcNow();

    [Fact]
    public async Task Each_failure_doubles_the_wait_and_a_restart_does_not_shorten_it()
    {
        foreach (var hours in new[] { 1, 2, 4 })
        {
            Assert.True(IsDue);
            await FailAsync();
            await Hub.RestartAsync();
            Time.Advance(TimeSpan.FromHours(hours) - TimeSpan.FromSeconds(1));
            Assert.False(IsDue);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(IsDue);
    }

    [Fact]
    public async Task A_hub_that_died_over_its_order_waits_too()
    {
        await Orders.BeginAsync(Wish, Cancel);
        await Hub.RestartAsync();

        Assert.False(IsDue);
        Assert.Contains("ended", Orders.Last!.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_was_stopped_over_its_order_asks_again_at_its_start()
    {
        await Orders.TakeBackAsync(await Orders.BeginAsync(Wish, Cancel));
        await Hub.RestartAsync();

        Assert.True(IsDue);
    }

    [Fact]
    public async Task Other_names_or_another_authority_are_asked_for_at_once()
    {
        await FailAsync();

        Assert.Equal(DateTimeOffset.MinValue, AcmeSchedule.DueAt(Wish with { Names = [new("dns", "hub.example.com")] }, Orders.Last, null));
        Assert.Equal(DateTimeOffset.MinValue, AcmeSchedule.DueAt(Wish with { Directory = "https://other.example/" }, Orders.Last, null));
    }

    [Fact]
    public async Task A_certificate_stays_over_a_restart_and_is_asked_for_again_when_lost()
    {
        await SucceedAsync();
        await Hub.RestartAsync();
        Assert.False(IsDue);
        Assert.NotNull(Orders.Certificate);

        await Hub.Database.WriteAsync(db => Hub.Get<CertificateStore>().Remove(db, "acme"), Cancel);
        Assert.True(IsDue);
    }

    [Fact]
    public async Task A_failed_renewal_keeps_the_certificate()
    {
        await SucceedAsync();
        Time.Advance(TimeSpan.FromDays(70));
        Assert.True(IsDue);
        await FailAsync();

        Assert.NotNull(Orders.Certificate);
        Assert.False(IsDue);
    }

    [Fact]
    public async Task An_administrator_may_shorten_the_wait_but_not_ask_twice_in_a_minute()
    {
        await FailAsync();
        var refusal = await Assert.ThrowsAsync<AppException>(() => Orders.TryAgainAsync(Actor.Cli, Cancel));
        Assert.Equal(("RATE_LIMITED", 60), (refusal.Code, (int)refusal.RetryAfter!.Value.TotalSeconds));
        Assert.False(IsDue);

        Time.Advance(TimeSpan.FromMinutes(1));
        await Orders.TryAgainAsync(Actor.Cli, Cancel);
        Assert.True(IsDue);
    }

    [Fact]
    public async Task The_account_is_the_same_after_a_restart_and_no_key_lies_open()
    {
        await SucceedAsync();
        using var before = await Orders.AccountKeyAsync(Cancel);
        await Hub.RestartAsync();
        using var after = await Orders.AccountKeyAsync(Cancel);
        await Hub.StopAsync();

        Assert.Equal(before.Thumbprint, after.Thumbprint);
        Assert.All(
            Hub.Folder.GetFiles("*.db*"),
            file => Assert.DoesNotContain("PRIVATE KEY", File.ReadAllText(file.FullName, Encoding.Latin1), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_became_of_an_order_is_in_the_audit_log()
    {
        await FailAsync();
        await SucceedAsync();
        var entries = (await Hub.Viewer.GetAsync("/api/audit")).Expect(HttpStatusCode.OK).Body;

        Assert.Contains("certificate.failed", entries, StringComparison.Ordinal);
        Assert.Contains("Open port 80.", entries, StringComparison.Ordinal);
        Assert.Contains("certificate.issued", entries, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_challenge_that_nobody_asked_for_is_not_there() =>
        (await Hub.Nobody.GetAsync("/.well-known/acme-challenge/abc")).Expect(HttpStatusCode.NotFound);

    private async Task FailAsync() => await Orders.FailAsync(await Orders.BeginAsync(Wish, Cancel), Failure, Cancel);

    private async Task SucceedAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("vpn.example.com");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(Time.GetUtcNow(), Time.GetUtcNow().AddDays(90));
        await Orders.SucceedAsync(await Orders.BeginAsync(Wish, Cancel), certificate.ExportCertificatePem(), key, Cancel);
    }
}
