using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Networks;

/// <summary>What can be a network behind the hub or a spoke, and what beside the others. Pure; each kind of refusal stands here once.</summary>
internal static class NetworkRules
{
    /// <summary>Reads a network that machines have.</summary>
    /// <returns>Of no meaning when the checks fail.</returns>
    public static Cidr Read(FieldChecks checks, string field, string? text)
    {
        var network = ReadAny(checks, field, text);
        if (network is not { } read)
        {
            return default;
        }

        if (FaultOf(read) is { } fault)
        {
            checks.Fail(field, fault);
        }

        return read;
    }

    /// <summary>What no network behind somebody can be, wherever it comes from.</summary>
    /// <returns>A sentence; null when it can.</returns>
    public static string? FaultOf(Cidr network) =>
        network.IsAll ? $"{network} is the internet, a target of its own: it lies behind no spoke and is no network of the hub's."
        : network.IsTooLarge
            ? $"{network} is too large to be somebody's network: at most a /{Cidr.ShortestPrefix}, or a /{Cidr.ShortestPrefix6} of IPv6."
        : network.IsForMachines ? null
        : $"{network} holds addresses that no machine can have: loopback, link-local, multicast or reserved ones (RFC 6890).";

    /// <summary>Reads a network that is to be barred: whatever there is, but not everything.</summary>
    /// <inheritdoc cref="Read" path="/returns"/>
    public static Cidr ReadBarred(FieldChecks checks, string field, string? text)
    {
        var network = ReadAny(checks, field, text);
        if (network is { IsAll: true } all)
        {
            checks.Fail(field, $"{all} would bar everything. Take the rules away that lead there instead.");
        }

        return network ?? default;
    }

    /// <summary>
    /// A network may lie in another one only when both lie behind the same gateways: then it is a name for a part of it. Behind another one it
    /// would take that part away, and nobody would see why.
    /// </summary>
    /// <param name="own">The hub's own, that spokes have their addresses in.</param>
    /// <param name="others">All others of the hub.</param>
    /// <exception cref="AppException">NETWORK_OVERLAP.</exception>
    public static void RefuseOverlap(Network network, IReadOnlyList<Cidr> own, IEnumerable<Network> others)
    {
        RefuseOwn(network.Cidr, own, "cidr");
        var holder = others.FirstOrDefault(other => other.Id != network.Id && other.Cidr.Overlaps(network.Cidr)
            && (other.Cidr == network.Cidr || !HaveSameGateways(network, other)));
        if (holder is not null)
        {
            throw NetworkErrors.Overlap(network.Cidr, $"the network '{holder.Name}' behind {holder.Behind}", holder.Cidr);
        }
    }

    /// <exception cref="AppException">NETWORK_OVERLAP.</exception>
    public static void RefuseOwn(Cidr network, IReadOnlyList<Cidr> own, string field)
    {
        if (First(own, network) is { } held)
        {
            throw NetworkErrors.Overlap(network, "the hub: its spokes have their addresses there", held, field);
        }
    }

    /// <summary>For a network that the hub itself is to have.</summary>
    /// <exception cref="AppException">NETWORK_OVERLAP.</exception>
    public static void RefuseHeld(Cidr own, IEnumerable<Network> networks, IEnumerable<BarredNetwork> barred, string field)
    {
        if (networks.FirstOrDefault(network => network.Cidr.Overlaps(own)) is { } network)
        {
            throw NetworkErrors.Overlap(own, $"the network '{network.Name}' behind {network.Behind}", network.Cidr, field);
        }

        if (barred.FirstOrDefault(one => one.Cidr.Overlaps(own)) is { } bar)
        {
            throw NetworkErrors.Overlap(own, "the list of barred networks", bar.Cidr, field);
        }
    }

    /// <param name="reached">What the hub's machine reaches by other interfaces.</param>
    /// <exception cref="AppException">NETWORK_OVERLAP.</exception>
    public static void RefuseReached(Cidr network, IReadOnlyList<Cidr> reached)
    {
        if (First(reached, network) is { } held)
        {
            throw NetworkErrors.ReachedByHub(network, held);
        }
    }

    /// <summary>A network behind the hub is one that its machine reaches, by more than its way to everywhere.</summary>
    /// <returns>A sentence when it seems not to; null when all is well.</returns>
    public static string? WarningOf(Cidr network, IReadOnlyList<Cidr> reached) =>
        reached.Any(network.Overlaps)
            ? null
            : $"The hub's machine has no route to {network}: what goes there takes its default gateway. Make that route on the machine, if that is not meant.";

    private static Cidr? First(IEnumerable<Cidr> networks, Cidr overlapped) =>
        networks.Where(overlapped.Overlaps).Select(network => (Cidr?)network).FirstOrDefault();

    private static Cidr? ReadAny(FieldChecks checks, string field, string? text)
    {
        const string Sentence = "A network such as 192.168.10.0/24 or fd00:10::/64.";
        if (string.IsNullOrWhiteSpace(text))
        {
            checks.Fail(field, "This is needed. " + Sentence);
            return null;
        }

        if (!Cidr.TryParseAround(text.Trim(' '), out var network, out var hasHostBits))
        {
            checks.Fail(field, Sentence);
            return null;
        }

        if (hasHostBits)
        {
            checks.Fail(field, $"This is an address in a network. The network is {network}.");
            return null;
        }

        return network;
    }

    private static bool HaveSameGateways(Network one, Network other) =>
        one.IsBehindHub == other.IsBehindHub && (one.IsBehindHub || one.Via is not null)
        && one.Via?.SpokeId == other.Via?.SpokeId && one.Standby?.SpokeId == other.Standby?.SpokeId;
}
