using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Web;

namespace WgHub.Features.Tls;

/// <summary>The certificate that is served: for whom, by whom, how long.</summary>
[Authorize(Policy = Access.Admin)]
internal sealed class CertificateModel(Certificates certificates, TimeProvider time) : PageModel
{
    public CertificatePair? Certificate => certificates.Current;

    public string? LastError => certificates.LastError;

    public bool IsExpired => Certificate?.NotAfter <= time.GetUtcNow();

    public string Source => certificates.Source switch
    {
        CertificateSource.File => "the files that the settings name",
        CertificateSource.Acme => "an authority, by ACME",
        _ => "made by this hub",
    };
}
