using System.Globalization;
using WgHub.Features.Leases;
using WgHub.Features.Networks;
using WgHub.WireGuard;

namespace WgHub.Features.Import;

/// <summary>What becomes of a peer's allowed IPs.</summary>
/// <param name="Address">Null when it has none that fits.</param>
/// <param name="Address6">Null when it is the one that the hub gives, or there is none.</param>
internal sealed record PlannedRoutes(uint? Address, KeptAddress6? Address6, IReadOnlyList<Cidr> Networks);

/// <summary>
/// Finds a spoke's addresses and the networks behind it among the allowed IPs of a peer. Networks of one source may lie in each other, as
/// WireGuard's may: the smaller one counts there.
/// </summary>
internal sealed class PeerRoutes
{
    /// <summary>Behind one spoke: each is a route of this machine.</summary>
    public const int MostNetworks = 1_000;

    private readonly ImportTarget _target;
    private readonly ImportWish _wish;
    private readonly Dictionary<uint, string> _addresses;
    private readonly HashSet<string> _addresses6;
    private readonly NetworkSet _present;
    private readonly NetworkSet _new = new([]);
    private readonly NetworkSet _beside;

    public PeerRoutes(ImportTarget target, PresentState present, ImportWish wish)
    {
        (_target, _wish) = (target, wish);
        _addresses = new(present.Addresses) { [target.Address] = "" };
        _addresses6 = [.. present.Leases.Select(lease => Address6Of(lease.Address.Number, lease.Address6)), Address6Of(target.Address, target.Kept6)];
        (_present, _beside) = (new(present.Networks), new(present.Routes));
    }

    /// <summary>Takes the addresses and networks from those behind it, unless there are problems.</summary>
    /// <param name="problems">Hears of what keeps it out.</param>
    /// <param name="remarks">Hears of what it loses.</param>
    public PlannedRoutes Judge(ImportedPeer peer, SpokeName name, List<string> problems, List<string> remarks)
    {
        List<uint> own = [];
        List<Cidr> networks = [];
        List<AllowedIP> six = [];
        foreach (var text in peer.AllowedIPs)
        {
            if (AllowedIP.Parse(text) is not { } allowed)
            {
                problems.Add("One of its addresses is none.");
            }
            else if (allowed.IsAll)
            {
                const string All = "Everything goes through it (a route to 0.0.0.0/0 or ::/0). A hub sends spokes only what is theirs.";
                Lose(_wish.WithoutNetworks, allowed.ToString(), All, problems, remarks);
            }
            else if (allowed.Address6 is not null && (allowed.IsHost || _wish.WithoutIPv6))
            {
                six.Add(allowed);
            }
            else if (allowed.IsHost && _target.Network.Contains(allowed.Address))
            {
                own.Add(allowed.Address);
            }
            else
            {
                networks.Add(allowed.Cidr);
            }
        }

        var address = AddressOf(peer, own, problems, remarks);
        networks = NetworksOf(peer, networks, problems, remarks);
        var address6 = address is { } ipv4 ? Address6Of(six, ipv4, problems, remarks) : null;
        if (problems.Count == 0 && address is { } taken)
        {
            _addresses.Add(taken, name.Text);
            _addresses6.Add(Address6Of(taken, address6));
            networks.ForEach(network => _new.Add(network));
        }

        return new(address, address6, networks);
    }

    private uint? AddressOf(ImportedPeer peer, List<uint> own, List<string> problems, List<string> remarks)
    {
        if (_wish.Addresses.TryGetValue(peer.Key, out var text))
        {
            if (!Ipv4Network.TryParseAddress(text, out var chosen) || !_target.Network.HasHost(chosen))
            {
                problems.Add($"The address that you chose is not one in {_target.Network}.");
                return null;
            }

            remarks.AddRange(own.Where(address => address != chosen).Select(address => $"It loses {Ipv4Network.ToText(address)}."));
            own = [chosen];
        }

        if (own.Count == 0)
        {
            problems.Add($"It has no address in {_target.Network}.");
        }
        else if (own.Count > 1)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"It has {own.Count} addresses in {_target.Network}; a spoke has one."));
        }
        else if (!_target.Network.HasHost(own[0]))
        {
            problems.Add($"{Ipv4Network.ToText(own[0])} is not an address that a machine can have.");
        }
        else if (_addresses.TryGetValue(own[0], out var owner))
        {
            problems.Add($"Its address {Ipv4Network.ToText(own[0])} is {(owner.Length == 0 ? "the hub's own" : $"that of {owner}")}.");
        }

        return own is [var only] ? only : null;
    }

    private List<Cidr> NetworksOf(ImportedPeer peer, List<Cidr> networks, List<string> problems, List<string> remarks)
    {
        List<Cidr> kept = [];
        foreach (var network in networks)
        {
            var overlapsHub = _target.Ground.Any(network.Overlaps);
            var why = NetworkRules.FaultOf(network) is { } fault ? fault
                : overlapsHub ? $"The network {network} behind it overlaps the hub's own."
                : _beside.HasWithin(network) ? $"This machine reaches a part of the network {network} behind it by another way."
                : _present.Overlaps(network) || _new.Has(network) ? $"The network {network} behind it overlaps one that is taken."
                : null;
            if (why is null)
            {
                kept.Add(network);
            }
            else
            {
                // Whoever has the hub's own network behind them has an address of it then.
                Lose(_wish.WithoutNetworks || (overlapsHub && _wish.Addresses.ContainsKey(peer.Key)), network.ToString(), why, problems, remarks);
            }
        }

        if (kept.Count > MostNetworks)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"It has {kept.Count} networks behind it; a spoke has at most {MostNetworks}."));
        }

        return kept;
    }

    /// <summary>The address that the hub would give, or else the first that fits into the hub's network and is nobody else's.</summary>
    private KeptAddress6? Address6Of(List<AllowedIP> six, uint address, List<string> problems, List<string> remarks)
    {
        var given = _target.Address6For(address);
        var fitting = six.Where(one => one.IsHost && _target.Network6?.Contains(one.Address6!) == true && !_addresses6.Contains(one.Address6!.ToString()))
            .Select(one => one.Address6!)
            .ToList();
        var kept = fitting.Find(one => one.Equals(given)) ?? fitting.FirstOrDefault();
        foreach (var lost in six.Where(one => !one.IsHost || !one.Address6!.Equals(kept)))
        {
            Lose(_wish.WithoutIPv6, lost.ToString(), $"It would lose {lost}: this hub gives another IPv6 address, or none.", problems, remarks);
        }

        if (kept is null && given is not null && _addresses6.Contains(given.ToString()))
        {
            problems.Add($"The IPv6 address {given} that it would get is another's.");
        }

        return KeptAddress6.Of(kept, address, _target.Network6, _target.Network);
    }

    private static void Lose(bool isWanted, string what, string why, List<string> problems, List<string> remarks) =>
        (isWanted ? remarks : problems).Add(isWanted ? $"It loses {what}." : why);

    private string Address6Of(uint address, KeptAddress6? kept) => (kept?.Address ?? _target.Address6For(address))?.ToString() ?? "";
}
