using WgHub.Hosting;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>Drift that a pass found and, by policy, mended.</summary>
/// <param name="Refused">True when so many peers would have gone that nothing was removed.</param>
internal sealed record DriftEvent(
    DateTimeOffset At, IReadOnlyList<PublicKey> Missing, IReadOnlyList<PublicKey> Changed, IReadOnlyList<PublicKey> Unknown, bool IsMended, bool Refused);

/// <summary>How the last pass over the interface went; what the pages and <c>/readyz</c> show.</summary>
internal sealed class HubState
{
    /// <summary>How long the passes took, in seconds.</summary>
    public Histogram PassDurations { get; } = new([0.005, 0.025, 0.1, 0.5, 2.5]);

    /// <summary>Null before the first pass ended.</summary>
    public DateTimeOffset? LastPass { get; private set; }

    /// <summary>What wg or ip said at the last pass; null when all is well.</summary>
    public string? Failure { get; private set; }

    /// <summary>What of the interface could not be made as wanted at the last pass, in sentences. The rest of it is as wanted.</summary>
    public IReadOnlyList<string> Faults { get; private set; } = [];

    /// <summary>The newest drift since the start; null when there was none.</summary>
    public DriftEvent? LastDrift { get; private set; }

    /// <summary>Drift that is still there: not mended by policy, or refused.</summary>
    public DriftEvent? OpenDrift => LastDrift is { IsMended: false } drift ? drift : null;

    /// <summary>When the firewall table was put right last that somebody had changed; null for never since the start.</summary>
    public DateTimeOffset? LastFirewallMending { get; private set; }

    public void FirewallMended(DateTimeOffset at) => LastFirewallMending = at;

    /// <summary>What the last pass has found of the firewall.</summary>
    public FirewallLook Firewall { get; private set; } = FirewallLook.Nothing;

    public void Passed(DateTimeOffset at, IReadOnlyList<string> faults, FirewallLook firewall, DriftEvent? drift)
    {
        (LastPass, Faults, Firewall, Failure) = (at, faults, firewall, faults.Count == 0 ? null : string.Join(' ', faults));
        if (drift is not null)
        {
            LastDrift = drift;
        }
        else if (OpenDrift is { } open)
        {
            LastDrift = open with { IsMended = true, Refused = false };
        }
    }

    public void Failed(DateTimeOffset at, string reason) => (LastPass, Failure) = (at, reason);
}
