using WgHub.Hosting;

namespace WgHub.Features.Policy;

/// <summary>Brings former rules back when nobody confirmed new ones in time, also those of before a restart.</summary>
internal sealed class PolicyRollBackLoop(PolicyService service, TimeProvider time, ILogger<PolicyRollBackLoop> logger)
    : Loop(TimeSpan.FromSeconds(1), new Signal(), time, logger)
{
    public override Task RunOnceAsync(CancellationToken cancellationToken) => service.RollBackAsync(cancellationToken);
}
