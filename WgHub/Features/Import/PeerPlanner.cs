using System.Globalization;
using System.Net;
using System.Net.Sockets;
using WgHub.Features.Leases;
using WgHub.WireGuard;

namespace WgHub.Features.Import;

/// <summary>Judges the peers of a source one after the other; each takes its key, name, address and networks from those behind it.</summary>
/// <param name="withoutIPv6">True: IPv6 addresses that this hub would not give are left out; else they are a problem.</param>
internal sealed class PeerPlanner(ImportTarget target, PresentState present, bool withoutIPv6)
{
    private readonly HashSet<string> _names = [.. present.Names];
    private readonly Dictionary<uint, string> _addresses = new(present.Addresses) { [target.Address] = "" };
    private readonly HashSet<PublicKey> _keys = [];
    private readonly List<Ipv4Network> _networks = [.. present.Networks];

    public PlannedSpoke Judge(ImportedPeer peer)
    {
        List<string> problems = [], remarks = [.. peer.Remarks];
        var key = KeyOf(peer, problems);
        if (key is { } known && present.Spokes.TryGetValue(known, out var spoke))
        {
            return new() { Source = peer, Key = key, Name = NameOf(spoke), Known = spoke };
        }

        var (address, networks) = RoutesOf(peer, problems, remarks);
        if (peer.PresharedKey is { } secret && !PublicKey.TryParse(secret.Reveal(), out _))
        {
            problems.Add("Its preshared key is not one; the export may be encrypted.");
        }

        var presharedKey = peer.PresharedKey is { } one && one.Reveal() != PresharedKey.None ? one : null;
        var name = ProposedName.For(peer.Name, peer.Key, _names);
        if (problems.Count == 0)
        {
            _addresses.Add(address!.Value, name.Text);
            _networks.AddRange(networks);
        }

        if (!peer.IsEnabled)
        {
            remarks.Add("It is switched off, and stays so.");
        }

        return new()
        {
            Source = peer,
            Key = key,
            Name = name,
            Address = address,
            Networks = networks,
            PresharedKey = presharedKey,
            Problems = problems,
            Remarks = remarks,
        };
    }

    private static SpokeName NameOf(string text) => SpokeName.TryParse(text, out var name) ? name : throw new FormatException("A spoke's name is none.");

    private PublicKey? KeyOf(ImportedPeer peer, List<string> problems)
    {
        if (!PublicKey.TryParse(peer.Key, out var key) || key.IsLowOrder)
        {
            problems.Add("Its public key is not a WireGuard key.");
            return null;
        }

        if (key == target.HubKey)
        {
            problems.Add("Its public key is the hub's own.");
        }
        else if (!_keys.Add(key))
        {
            problems.Add("Its public key was there before.");
        }

        return key;
    }

    private (uint? Address, IReadOnlyList<Ipv4Network> Networks) RoutesOf(ImportedPeer peer, List<string> problems, List<string> remarks)
    {
        List<uint> own = [];
        List<Ipv4Network> networks = [];
        List<IPNetwork> six = [];
        foreach (var text in peer.AllowedIPs)
        {
            if (
                !IPNetwork.TryParse(
                    text.Contains('/', StringComparison.Ordinal)
                        ? text
                        : text.Contains(':', StringComparison.Ordinal) ? $"{text}/128" : $"{text}/32", out var network))
            {
                problems.Add("One of its addresses is none.");
            }
            else if (network.PrefixLength == 0)
            {
                problems.Add("Everything goes through it (a route to 0.0.0.0/0 or ::/0). A hub sends spokes only what is theirs.");
            }
            else if (network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6)
            {
                six.Add(network);
            }
            else if (network.PrefixLength == 32 && target.Network.Contains(Ipv4Network.ToNumber(network.BaseAddress)))
            {
                own.Add(Ipv4Network.ToNumber(network.BaseAddress));
            }
            else
            {
                networks.Add(new(Ipv4Network.ToNumber(network.BaseAddress), network.PrefixLength));
            }
        }

        CheckAddress(own, problems);
        CheckNetworks(networks, problems);
        CheckIPv6(six, own, problems, remarks);
        return (own.Count == 1 ? own[0] : null, networks);
    }

    private void CheckAddress(List<uint> own, List<string> problems)
    {
        if (own.Count == 0)
        {
            problems.Add($"It has no address in {target.Network}.");
        }
        else if (own.Count > 1)
        {
            problems.Add($"It has {own.Count} addresses in {target.Network}; a spoke has one.");
        }
        else if (!target.Network.HasHost(own[0]))
        {
            problems.Add($"{Ipv4Network.ToText(own[0])} is not an address that a machine can have.");
        }
        else if (_addresses.TryGetValue(own[0], out var owner))
        {
            problems.Add($"Its address {Ipv4Network.ToText(own[0])} is {(owner.Length == 0 ? "the hub's own" : $"that of {owner}")}.");
        }
    }

    private void CheckNetworks(List<Ipv4Network> networks, List<string> problems)
    {
        foreach (var network in networks)
        {
            if (network.Overlaps(target.Network))
            {
                problems.Add($"The network {network} behind it overlaps the hub's own.");
            }
            else if (present.Routes.Any(route => network.First <= route.First && route.Last <= network.Last))
            {
                problems.Add($"This machine reaches a part of the network {network} behind it by another way.");
            }
            else if (_networks.Any(network.Overlaps) || networks.Count(network.Overlaps) > 1)
            {
                problems.Add($"The network {network} behind it overlaps one that is taken.");
            }
        }
    }

    private void CheckIPv6(List<IPNetwork> six, List<uint> own, List<string> problems, List<string> remarks)
    {
        var expected = own.Count == 1 ? target.Address6For(own[0]) : null;
        foreach (var network in six.Where(network => network.PrefixLength != 128 || !network.BaseAddress.Equals(expected)))
        {
            if (withoutIPv6)
            {
                remarks.Add($"It loses {network}.");
            }
            else
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"It would lose {network}: this hub gives another IPv6 address, or none."));
            }
        }
    }
}
