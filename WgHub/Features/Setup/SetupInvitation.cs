using WgHub.Features.Auth.Accounts;

namespace WgHub.Features.Setup;

/// <summary>Tells the one-time code in the log at a start without an administrator.</summary>
internal sealed partial class SetupInvitation(SetupCodes codes, ILogger<SetupInvitation> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if ((await codes.NewAsync(cancellationToken))?.Reveal() is { } code)
        {
            LogInvitation(code);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "No administrator yet. Open /setup in a browser with the code {Code} (60 minutes; 'wghub setup-code' makes a new one).")]
    private partial void LogInvitation(string code);
}
