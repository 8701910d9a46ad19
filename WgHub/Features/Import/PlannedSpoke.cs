using WgHub.Features.Leases;
using WgHub.Hosting;
using WgHub.WireGuard;

namespace WgHub.Features.Import;

/// <summary>What becomes of one peer of the source.</summary>
/// <param name="Source">As the source has it.</param>
/// <param name="Key">Null when it is none.</param>
/// <param name="Name">The one that it gets; another may be chosen.</param>
/// <param name="Address">Null when it has none that fits.</param>
/// <param name="Known">Name of the spoke that has this key already: nothing is to be done then.</param>
/// <param name="Problems">Sentences: why it cannot come in. None for one that can.</param>
/// <param name="Remarks">Sentences about what changes for it.</param>
internal sealed record PlannedSpoke(
    ImportedPeer Source, PublicKey? Key, SpokeName Name, uint? Address, IReadOnlyList<Ipv4Network> Networks, Secret? PresharedKey,
    string? Known, IReadOnlyList<string> Problems, IReadOnlyList<string> Remarks)
{
    public bool IsAdded => Known is null && Problems.Count == 0;

    public string AddressText => Address is { } address ? Ipv4Network.ToText(address) : "–";

    /// <summary>All of it but the name, which a person may choose anew, and the secret.</summary>
    public string Fingerprint =>
        string.Join(
            '|', Source.Key, Address, string.Join(',', Networks), PresharedKey is not null, Source.IsEnabled, Source.ExpiresAt?.UtcTicks,
            Known, string.Join(';', Problems));
}
