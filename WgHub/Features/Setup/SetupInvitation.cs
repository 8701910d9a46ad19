using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Tls;
using WgHub.Web;

namespace WgHub.Features.Setup;

/// <summary>Tells at a start without an administrator where to go, with the one-time code, once the server listens there.</summary>
internal sealed partial class SetupInvitation(
    SetupCodes codes, PublicUrl publicUrl, Certificates certificates, IServer server, IHostApplicationLifetime lifetime, ILogger<SetupInvitation> logger)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if ((await codes.NewAsync(cancellationToken))?.Reveal() is { } code)
        {
            lifetime.ApplicationStarted.Register(() => Tell(code));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Tell(string code)
    {
        var address = publicUrl.Setting ?? OwnUrl.Of(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);
        var page = address.Below($"/setup#{code}");
        LogInvitation(page, code);
        if (address.Scheme == Uri.UriSchemeHttps && certificates.Current is { IsSelfIssued: true } own)
        {
            LogFingerprint(own.Fingerprint);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "No administrator yet. Open {Url} in a browser (the set-up code is {Code}, good for 60 minutes; 'wghub setup-code' makes a new one).")]
    private partial void LogInvitation(Uri url, string code);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The browser warns once: the certificate is the hub's own. Its SHA-256 is {Fingerprint}; compare it, then go on.")]
    private partial void LogFingerprint(string fingerprint);
}
