using Microsoft.Extensions.Options;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Tls.Acme;

/// <summary>Fetches the certificate from an authority.</summary>
internal static class AcmeRoom
{
    private const string ChallengePath = "/.well-known/acme-challenge";

    public static Room Room => new()
    {
        AddForCommands = AddForCommands,
        Add = Add,
        UseFirst = UseFirst,
    };

    private static void Add(IServiceCollection services)
    {
        services.AddOptions<AcmeOptions>()
            .Validate<ServerStart>(
                (acme, start) => !acme.IsOn || start.Urls.Any(Listeners.IsHttps),
                "Tls:AcmeNames: a certificate is for https, such as --urls https://0.0.0.0:443.")
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

    private static void AddForCommands(IServiceCollection services)
    {
        services.AddRoomOptions<AcmeOptions, AcmeOptionsValidator>(AcmeOptions.Section, static (section, options) => section.Bind(options));
        services.AddSingleton<AcmeOrderStore>();
        services.AddSingleton<AcmeOrders>();
        services.AddSingleton<KeptCertificate>();
    }

    /// <summary>
    /// Where the authority looks for http-01, by plain HTTP and from anywhere (RFC 8555 §8.3): before whatever leads to https or asks where a
    /// request comes from.
    /// Outside of an order nothing is there.
    /// </summary>
    private static void UseFirst(WebApplication app)
    {
        var challenges = app.Services.GetRequiredService<AcmeChallenges>();
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
