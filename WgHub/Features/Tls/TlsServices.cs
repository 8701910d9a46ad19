using Microsoft.Extensions.Options;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Tls;

internal static class TlsServices
{
    /// <summary>What the commands need: which certificate is served.</summary>
    public static void AddCertificates(this IServiceCollection services)
    {
        services.AddOptions<TlsOptions>().BindConfiguration(TlsOptions.Section);
        services.AddSingleton<IValidateOptions<TlsOptions>, TlsOptionsValidator>();
        services.AddSingleton<CertificateStore>();
        services.AddSingleton<CertificateFiles>();
        services.AddSingleton<SelfSigned>();
    }

    /// <param name="urls">Where the hub listens: a certificate is kept ready for https alone.</param>
    public static void AddTls(this IServiceCollection services, IReadOnlyList<string> urls)
    {
        services.AddCertificates();
        services.AddSingleton<Certificates>();
        services.AddSingleton<HubAddresses>();
        services.AddSingleton<CertificateSignal>();
        services.AddSingleton(provider => new HostNames(() => provider.GetRequiredService<Certificates>().Current?.Names ?? []));
        if (urls.Any(Listeners.IsHttps))
        {
            services.AddLoop<CertificateLoop>();
        }
    }
}
