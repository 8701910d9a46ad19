using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Hosting;

namespace WgHub.Features.Metrics;

/// <summary>Says in the log what happened by nothing happening: a token that ran out unused, a spoke that fell silent.</summary>
internal sealed partial class Notices(TokenStore tokens, TrafficStore traffic, TimeProvider time, ILogger<Notices> logger)
    : Loop(TimeSpan.FromMinutes(1), new(), time, logger)
{
    private readonly TimeProvider _time = time;
    private DateTimeOffset _since = time.GetUtcNow();

    public override Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        foreach (var token in tokens.RanOut(_since, now))
        {
            LogTokenExpired(token.SpokeName, token.Id);
        }

        foreach (var (id, name) in traffic.FellSilent(_since - Spoke.HandshakeLife, now - Spoke.HandshakeLife))
        {
            LogSpokeInactive(name, id);
        }

        _since = now;
        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Warning, EventName = "token_expired", Message = "The token for {SpokeName} ran out unused ({TokenId}).")]
    private partial void LogTokenExpired(string spokeName, string tokenId);

    [LoggerMessage(Level = LogLevel.Warning, EventName = "spoke_inactive", Message = "No handshake with {SpokeName} for three minutes ({SpokeId}).")]
    private partial void LogSpokeInactive(string spokeName, string spokeId);
}
