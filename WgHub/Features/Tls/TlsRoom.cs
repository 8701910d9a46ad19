using WgHub.Features.Audit;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Tls;

/// <summary>The certificate that is served, and where this server is reached.</summary>
internal static class TlsRoom
{
    public static Room Room => new()
    {
        AddForCommands = AddForCommands,
        Add = Add,
        SettingsPages = [new("Certificate", "/settings/certificate", Roles.Admin, 30) { Chapter = "certificates" }],
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton(SubjectSource.One(SubjectKind.Certificate, Roles.Admin, "/settings/certificate"));
        services.AddSingleton<Certificates>();
        services.AddSingleton<ServerAddresses>();
        services.AddSingleton<CertificateSignal>();
        services.AddSingleton(provider => new HostNames(() => provider.GetRequiredService<Certificates>().Current?.Names ?? []));
        services.AddLoop<CertificateLoop>();
    }

    private static void AddForCommands(IServiceCollection services)
    {
        services.AddRoomOptions<TlsOptions, TlsOptionsValidator>(TlsOptions.Section, static (section, options) => section.Bind(options));
        services.AddSingleton<CertificateStore>();
        services.AddSingleton<CertificateFiles>();
        services.AddSingleton<SelfSigned>();
    }
}
