using WgHub.Features.Spokes;
using WgHub.Hosting;
using WgHub.WireGuard;

namespace WgHub.Features.Enrolment;

/// <param name="PresharedKey">The one that its peer has at the hub; null for none.</param>
/// <param name="IsNew">False when the same key came again.</param>
internal sealed record Registered(Spoke Spoke, Secret? PresharedKey, bool IsNew)
{
    /// <summary>What this key took the place of, and what goes off the interface in the same pass.</summary>
    public IReadOnlyList<PublicKey> FormerKeys { get; init; } = [];
}
