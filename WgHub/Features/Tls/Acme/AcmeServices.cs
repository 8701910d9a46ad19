using Microsoft.Extensions.Options;
using WgHub.Hosting;

namespace WgHub.Features.Tls.Acme;

internal static class AcmeServices
{
    /// <param name="urls">Where the hub listens.</param>
    public static void AddAcme(this IServiceCollection services, IReadOnlyList<string> urls)
    {
        services.AddOptions<AcmeOptions>().BindConfiguration(AcmeOptions.Section)
            .Validate(acme => !acme.IsOn || urls.Any(Listeners.IsHttps), "Tls:AcmeNames: a certificate is for https, such as --urls https://0.0.0.0:443.")
            .Validate<IOptions<TlsOptions>>(
                (acme, tls) => !acme.IsOn || string.IsNullOrEmpty(tls.Value.CertificateFile),
                "Tls:AcmeNames and Tls:CertificateFile exclude each other: the certificate comes from an authority or from a file.");
        services.AddSingleton<IValidateOptions<AcmeOptions>, AcmeOptionsValidator>();
        services.AddSingleton<AcmeChallenges>();
        services.AddSingleton<AcmeOrderStore>();
        services.AddSingleton<AcmeOrders>();
        services.AddSingleton<AcmeIssuer>();
        services.AddSingleton<AcmeStatusReader>();
        services.AddSingleton<AcmeSignal>();
        services.AddSingleton<AcmeRetry>();
        services.AddLoop<AcmeLoop>();
    }

    /// <summary>Where the authority looks for http-01, RFC 8555 §8.3. It comes without a name, and by plain HTTP.</summary>
    public static void MapAcme(this IEndpointRouteBuilder routes) =>
        routes.MapGet($"{TlsMiddleware.ChallengePath}/{{token}}", (string token, AcmeChallenges challenges) =>
            challenges.FileOf(token) is { } content ? Results.Text(content, "application/octet-stream") : Results.NotFound())
            .AllowAnonymous().ExcludeFromDescription();
}
