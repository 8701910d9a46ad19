using WgHub.WireGuard;

namespace WgHub.Features.Import;

/// <summary>Networks, of which the same number of steps tells whether another one overlaps any, however many they are.</summary>
internal sealed class Ipv4NetworkSet
{
    private readonly HashSet<Ipv4Network> _networks = [];
    private readonly HashSet<Ipv4Network> _around = []; // each that holds one of them

    public Ipv4NetworkSet(IEnumerable<Ipv4Network> networks)
    {
        foreach (var network in networks)
        {
            Add(network);
        }
    }

    /// <returns>False when it is there already.</returns>
    public bool Add(Ipv4Network network)
    {
        // What holds one that is there already is known, and all around it.
        for (var length = network.PrefixLength; length > 0 && _around.Add(Ipv4Network.Around(network.First, length)); length--)
        {
        }

        return _networks.Add(network);
    }

    /// <summary>True when it is one of them.</summary>
    public bool Has(Ipv4Network network) => _networks.Contains(network);

    /// <summary>True when one of them lies in <paramref name="network"/>, or is it.</summary>
    public bool HasWithin(Ipv4Network network) => _around.Contains(network);

    public bool Overlaps(Ipv4Network network)
    {
        if (HasWithin(network))
        {
            return true;
        }

        for (var length = network.PrefixLength - 1; length > 0; length--)
        {
            if (_networks.Contains(Ipv4Network.Around(network.First, length)))
            {
                return true;
            }
        }

        return false;
    }
}
