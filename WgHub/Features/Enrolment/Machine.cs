using WgHub.WireGuard;

namespace WgHub.Features.Enrolment;

/// <summary>A machine that registers.</summary>
/// <param name="Address">Where it calls from; null when that is not known.</param>
internal sealed record Machine(PublicKey Key, SpokeFacts Facts, string? Address);
