using Microsoft.Extensions.Options;
using WgHub.Features.Tls;
using WgHub.Features.Tls.Acme;
using WgHub.Web;

namespace WgHub.Features.Doctor;

/// <summary>What is served to browsers and spokes.</summary>
/// <param name="Pair">Null where the hub serves no https, or where it is not known whether it serves one of its own, which it renews by itself.</param>
/// <param name="NotTaken">Why newer files are not served; null when they are.</param>
internal sealed record ServedCertificate(CertificatePair? Pair, CertificateSource Source, string? NotTaken);

/// <summary>The certificate: for how long, and for which names.</summary>
/// <param name="served">Read anew for each look.</param>
internal sealed class CertificateCheck(
    Func<ServedCertificate> served, AcmeOrderStore orders, IOptions<AcmeOptions> acme, PublicUrl url, TimeProvider time) : Check
{
    /// <summary>An authority's is renewed long before; what is left then is somebody's to do.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    private const string MadeAnew = "The hub makes its own anew when it starts: systemctl restart wghub";

    public override string Name => "certificate";

    public override Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken) => Task.FromResult(Look());

    private IReadOnlyList<DoctorFinding> Look()
    {
        try
        {
            var now = served();
            return Or(
                [.. Found(now), .. Authority()],
                now.Pair is { } pair
                    ? $"The certificate is good until {pair.NotAfter:u}."
                    : "No certificate is anybody's to renew: the hub serves plain HTTP to a proxy in front, or makes its own.");
        }
        catch (InvalidDataException exception)
        {
            return [Failure(
                "CERTIFICATE_UNUSABLE", exception.Message,
                "Name the two files of one pair in PEM, which the hub's user may read: Tls:CertificateFile and Tls:KeyFile.")];
        }
    }

    private IEnumerable<DoctorFinding> Found(ServedCertificate now)
    {
        if (now.NotTaken is { } reason)
        {
            yield return Warning(
                "CERTIFICATE_NOT_TAKEN", $"The newest files are not served, the certificate before them goes on. {reason}",
                "Put a good pair in their place; the hub takes it within a minute.");
        }

        if (now.Pair is not { } pair)
        {
            yield break;
        }

        if (pair.NotAfter <= time.GetUtcNow())
        {
            yield return Failure("CERTIFICATE_EXPIRED", $"The certificate ended at {pair.NotAfter:u}: browsers and spokes refuse it.", Renewal(now.Source));
        }
        else if (pair.NotAfter - Soon <= time.GetUtcNow())
        {
            yield return Warning("CERTIFICATE_EXPIRES", $"The certificate ends at {pair.NotAfter:u}.", Renewal(now.Source));
        }

        if (url.Setting is { Scheme: "https" } own && !pair.Leaf.MatchesHostname(own.IdnHost.Trim('[', ']'), allowCommonName: false))
        {
            yield return Warning(
                "CERTIFICATE_NAME",
                $"The certificate is not for {own.Host}, where Web:PublicUrl sends spokes and browsers, but for {string.Join(", ", pair.Names)}.",
                now.Source switch
                {
                    CertificateSource.Acme => "Add the name to Tls:AcmeNames.",
                    CertificateSource.File => "Have one made for that name. Where a proxy in front has it, nothing is wrong.",
                    _ => MadeAnew,
                });
        }
    }

    private IEnumerable<DoctorFinding> Authority()
    {
        if (acme.Value.IsOn && orders.Last is { Failures: > 0 } failed)
        {
            yield return Warning(
                "CERTIFICATE_REFUSED", $"The authority gave no certificate, {failed.Failures} times in a row. {failed.Said}",
                $"{failed.Problem} The page Certificate tries again.".Trim());
        }
    }

    private static string Renewal(CertificateSource source) => source switch
    {
        CertificateSource.File => "Put a new pair into Tls:CertificateFile and Tls:KeyFile; the hub takes it within a minute.",
        CertificateSource.Acme => "The page Certificate says why the authority gave none, and tries again.",
        _ => MadeAnew,
    };
}
