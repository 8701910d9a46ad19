using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WgHub.Features.Tls.Acme;

public sealed class AcmeScheduleTests
{
    private static readonly DateTimeOffset Issued = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(90 * 24)]   // Let's Encrypt
    [InlineData(160)]       // its profile shortlived
    [InlineData(12)]        // Caddy's own authority
    public void A_certificate_is_renewed_after_two_thirds_of_its_life_and_not_much_later(int hours)
    {
        using var certificate = Certificate(TimeSpan.FromHours(hours));
        var share = (AcmeSchedule.RenewAt(certificate) - Issued) / TimeSpan.FromHours(hours);

        Assert.InRange(share, 0.666, 0.717);
    }

    [Fact]
    public void The_time_is_the_same_after_a_restart_and_another_for_another_hub()
    {
        using var mine = Certificate(TimeSpan.FromDays(90));
        using var again = X509CertificateLoader.LoadCertificate(mine.RawData);
        var others = Enumerable.Range(0, 8).Select(_ => AcmeSchedule.RenewAt(Certificate(TimeSpan.FromDays(90))));

        Assert.Equal(AcmeSchedule.RenewAt(mine), AcmeSchedule.RenewAt(again));
        Assert.Contains(others, time => time != AcmeSchedule.RenewAt(mine));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(5, 16)]
    [InlineData(6, 24)]
    [InlineData(int.MaxValue, 24)]
    public void The_wait_doubles_from_an_hour_to_a_day(int failures, int hours) => Assert.Equal(TimeSpan.FromHours(hours), AcmeSchedule.WaitAfter(failures));

    [Theory]
    [InlineData(1, 0.1, 1)]     // it may say less, we know better
    [InlineData(1, 30, 30)]
    [InlineData(6, 30, 30)]
    [InlineData(1, 10_000, 168)] // a mistake, or malice
    public void The_authority_may_ask_for_a_longer_wait_but_not_for_ever(int failures, double asked, int hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), AcmeSchedule.WaitAfter(failures, TimeSpan.FromHours(asked)));

    private static X509Certificate2 Certificate(TimeSpan life)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256).CreateSelfSigned(Issued, Issued + life);
    }
}
