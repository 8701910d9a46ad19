using WgHub.Features.Leases;
using WgHub.Hosting;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>A hub that was there before this one. Its key and address stay, so that every spoke's configuration goes on working.</summary>
/// <param name="IsRunning">True when its interface is up on this machine: it is taken over as it is.</param>
internal sealed record FormerHub(Secret PrivateKey, PublicKey Key, uint Address, bool IsRunning)
{
    /// <summary>Null when it had none, or the one that follows from the IPv4 address.</summary>
    public KeptAddress6? Address6 { get; init; }
}
