using System.Text;

namespace WgHub.WireGuard;

/// <summary>Holds the peers of a dump against the wanted ones, line by line. Takes memory for what differs alone.</summary>
/// <param name="wanted">Every key that is known, with the peer as it should be; null for one that should not be there.</param>
internal sealed class PeerComparison(IReadOnlyDictionary<PublicKey, PeerTarget?> wanted)
{
    private readonly List<PublicKey> _changed = [];
    private readonly List<PublicKey> _unwanted = [];
    private readonly List<PublicKey> _unknown = [];
    private int _found;

    public void Add(WgPeerLine line)
    {
        if (!wanted.TryGetValue(line.Key, out var target))
        {
            _unknown.Add(line.Key);
            return;
        }

        _found++;
        if (target is null)
        {
            _unwanted.Add(line.Key);
        }
        else if (!IsSame(line, target))
        {
            _changed.Add(line.Key);
        }
    }

    /// <param name="isThere">Tells whether a line with that key was added.</param>
    public PeerPlan Plan(Func<PublicKey, bool> isThere) =>
        new(
            _found == wanted.Count ? [] : [.. wanted.Where(peer => peer.Value is not null && !isThere(peer.Key)).Select(peer => peer.Key)],
            _changed, _unwanted, _unknown);

    private static bool IsSame(WgPeerLine line, PeerTarget target) =>
        (target.PresharedKey is { } key ? Ascii.Equals(line.PresharedKey, key.Reveal()) : line.PresharedKey.IsEmpty)
        && (Ascii.Equals(line.AllowedIPs, target.AllowedIPs) || HasSameNetworks(line.AllowedIPs, target.AllowedIPs));

    /// <summary>The kernel gives a peer's networks in an order of its own, each once.</summary>
    private static bool HasSameNetworks(ReadOnlySpan<byte> present, ReadOnlySpan<char> wanted)
    {
        if (present.Length != wanted.Length || present.Count((byte)',') != wanted.Count(','))
        {
            return false;
        }

        for (var rest = present; ;)
        {
            var end = rest.IndexOf((byte)',');
            if (!Has(wanted, end < 0 ? rest : rest[..end]))
            {
                return false;
            }

            if (end < 0)
            {
                return true;
            }

            rest = rest[(end + 1)..];
        }
    }

    private static bool Has(ReadOnlySpan<char> networks, ReadOnlySpan<byte> one)
    {
        foreach (var range in networks.Split(','))
        {
            if (Ascii.Equals(one, networks[range]))
            {
                return true;
            }
        }

        return false;
    }
}
