using WgHub.Features.Leases;
using WgHub.Hosting;
using WgHub.WireGuard;

namespace WgHub.Features.Import;

/// <summary>What becomes of one peer of the source.</summary>
internal sealed record PlannedSpoke
{
    /// <summary>As the source has it.</summary>
    public required ImportedPeer Source { get; init; }

    /// <summary>Null when it is none.</summary>
    public required PublicKey? Key { get; init; }

    /// <summary>The one that it gets; another may be chosen.</summary>
    public required SpokeName Name { get; init; }

    /// <summary>Null when it has none that fits.</summary>
    public uint? Address { get; init; }

    /// <summary>Null when it is the one that follows from <see cref="Address"/>, or there is none.</summary>
    public KeptAddress6? Address6 { get; init; }

    public IReadOnlyList<Cidr> Networks { get; init; } = [];

    public Secret? PresharedKey { get; init; }

    /// <summary>Name of the spoke that has this key already: nothing is to be done then.</summary>
    public string? Known { get; init; }

    /// <summary>Sentences: why it cannot come in. None for one that can.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Sentences about what changes for it.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>True when a person said so.</summary>
    public bool IsLeftOut { get; init; }

    public bool IsAdded => Known is null && Problems.Count == 0 && !IsLeftOut;

    /// <summary>True when it would lose a connection that it has: nothing reaches a peer without allowed IPs, or one that is switched off.</summary>
    public bool LosesConnection => Problems.Count > 0 && Source is { IsEnabled: true, AllowedIPs.Count: > 0 };

    public string AddressText => Address is { } address ? Ipv4Network.ToText(address) : "–";

    /// <summary>All of it but the name, which a person may choose anew, and the secret.</summary>
    public string Fingerprint =>
        string.Join(
            '|', Source.Key, Address, Address6?.Address, IsLeftOut,
            string.Join(',', Networks), PresharedKey is not null, Source.IsEnabled, Source.ExpiresAt?.UtcTicks,
            Known, string.Join(';', Problems));
}
