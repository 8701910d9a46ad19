using Microsoft.Extensions.Options;

namespace WgHub.Features.Tls;

internal static class TlsServices
{
    /// <summary>What the commands need: which certificate is served.</summary>
    public static void AddCertificates(this IServiceCollection services)
    {
        services.AddOptions<TlsOptions>().BindConfiguration(TlsOptions.Section);
        services.AddSingleton<IValidateOptions<TlsOptions>, TlsOptionsValidator>();
        services.AddSingleton<CertificateStore>();
    }

    public static void AddTls(this IServiceCollection services)
    {
        services.AddCertificates();
        services.AddSingleton<Certificates>();
    }
}
