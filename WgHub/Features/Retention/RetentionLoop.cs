using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Retention;

/// <summary>Runs the rules once a day, for the first time an hour after a start: by then a clock is right, and who is there has shaken hands.</summary>
internal sealed class RetentionLoop(RetentionService service, TimeProvider time, ILogger<RetentionLoop> logger)
    : Loop(TimeSpan.FromMinutes(10), new(), time, logger)
{
    private static readonly TimeSpan Wait = TimeSpan.FromHours(1);

    private readonly TimeProvider _time = time;
    private DateTimeOffset _next = time.GetUtcNow() + Wait;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (_next - now > TimeSpan.FromDays(1))
        {
            _next = now + Wait; // the clock was set back
        }

        if (now < _next || !service.Rules.IsOn)
        {
            return;
        }

        _next = now.AddDays(1);
        await service.RunAsync(isByItself: true, Actor.System, cancellationToken);
    }
}
