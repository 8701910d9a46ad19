using WgHub.WireGuard;

namespace WgHub.Features.Import;

/// <summary>Networks of both families, of which the same number of steps tells whether another one overlaps any, however many they are.</summary>
internal sealed class NetworkSet
{
    private readonly HashSet<Cidr> _networks = [];
    private readonly HashSet<Cidr> _around = []; // each that holds one of them

    public NetworkSet(IEnumerable<Cidr> networks)
    {
        foreach (var network in networks)
        {
            Add(network);
        }
    }

    /// <returns>False when it is there already.</returns>
    public bool Add(Cidr network)
    {
        // What holds one that is there already is known, and all around it.
        for (var length = network.PrefixLength; length > 0 && _around.Add(network.Around(length)); length--)
        {
        }

        return _networks.Add(network);
    }

    /// <summary>True when it is one of them.</summary>
    public bool Has(Cidr network) => _networks.Contains(network);

    /// <summary>True when one of them lies in <paramref name="network"/>, or is it.</summary>
    public bool HasWithin(Cidr network) => _around.Contains(network);

    public bool Overlaps(Cidr network)
    {
        if (HasWithin(network))
        {
            return true;
        }

        for (var length = network.PrefixLength - 1; length > 0; length--)
        {
            if (_networks.Contains(network.Around(length)))
            {
                return true;
            }
        }

        return false;
    }
}
