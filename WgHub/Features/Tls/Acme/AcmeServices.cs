using Microsoft.Extensions.Options;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Tls.Acme;

internal static class AcmeServices
{
    private const string ChallengePath = "/.well-known/acme-challenge";

    /// <summary>What the commands need: which certificate an authority gave.</summary>
    public static void AddAcmeOrders(this IServiceCollection services)
    {
        services.AddOptions<AcmeOptions>().BindConfiguration(AcmeOptions.Section);
        services.AddSingleton<IValidateOptions<AcmeOptions>, AcmeOptionsValidator>();
        services.AddSingleton<AcmeOrderStore>();
        services.AddSingleton<AcmeOrders>();
    }

    /// <param name="urls">Where the hub listens.</param>
    public static void AddAcme(this IServiceCollection services, IReadOnlyList<string> urls)
    {
        services.AddAcmeOrders();
        services.AddOptions<AcmeOptions>()
            .Validate(acme => !acme.IsOn || urls.Any(Listeners.IsHttps), "Tls:AcmeNames: a certificate is for https, such as --urls https://0.0.0.0:443.")
            .Validate<IOptions<TlsOptions>>(
                (acme, tls) => !acme.IsOn || string.IsNullOrEmpty(tls.Value.CertificateFile),
                "Tls:AcmeNames and Tls:CertificateFile exclude each other: the certificate comes from an authority or from a file.");
        services.AddSingleton<AcmeChallenges>();
        services.AddSingleton<AcmeIssuer>();
        services.AddSingleton<AcmeStatusReader>();
        services.AddSingleton<AcmeSignal>();
        services.AddSingleton<AcmeRetry>();
        services.AddSingleton(provider => new HostNames(() => provider.GetRequiredService<IOptions<AcmeOptions>>().Value.Names));
        services.AddLoop<AcmeLoop>();
    }

    /// <summary>
    /// Where the authority looks for http-01, by plain HTTP and from anywhere (RFC 8555 §8.3): before whatever leads to https or asks where a request comes from.
    /// Outside of an order nothing is there.
    /// </summary>
    public static void UseAcme(this IApplicationBuilder app)
    {
        var challenges = app.ApplicationServices.GetRequiredService<AcmeChallenges>();
        app.Map(ChallengePath, place => place.Run(context =>
        {
            if (challenges.FileOf(context.Request.Path.Value?.TrimStart('/') ?? "") is not { } content)
            {
                return context.RefuseAsync(WebErrors.NotFound("challenge"));
            }

            context.Response.ContentType = "application/octet-stream";
            return context.Response.WriteAsync(content, context.RequestAborted);
        }));
    }
}
