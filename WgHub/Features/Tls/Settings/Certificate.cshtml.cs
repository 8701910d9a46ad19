using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Tls.Acme;
using WgHub.Web;

namespace WgHub.Features.Tls.Settings;

/// <summary>The certificate that is served: for whom, by whom, how long.</summary>
[Authorize(Policy = Access.Admin)]
internal sealed class CertificateModel(Certificates certificates, AcmeStatusReader acme, AcmeRetry retry, TimeProvider time) : PageModel
{
    public CertificatePair? Certificate => certificates.Current;

    /// <summary>Null when no authority is asked.</summary>
    public AcmeStatus? Acme => acme.Read();

    public string? LastError => certificates.LastError;

    public bool IsExpired => Certificate?.NotAfter <= time.GetUtcNow();

    public string Source => certificates.Source switch
    {
        CertificateSource.File => "the files that the settings name",
        CertificateSource.Acme => "an authority, by ACME",
        _ => "made by this hub",
    };

    /// <summary>Asks the authority again now. The answer comes in its own time, to this page.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) =>
        await this.TryAsync(() => retry.NowAsync(HttpContext.ToActor(), cancellationToken)) ? RedirectToPage() : Page();
}
