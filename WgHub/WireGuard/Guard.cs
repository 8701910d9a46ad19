using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace WgHub.WireGuard;

/// <summary>
/// Rules of routing that let nothing through this machine to or from the interface but what the firewall table has marked as allowed:
/// a table that somebody flushed, or that nft would not take, lets nothing through. Packets to this machine itself, and its own, go on.
/// </summary>
/// <remarks>Protocol <c>kernel</c>: systemd-networkd takes away all other rules that it does not know.</remarks>
internal sealed class Guard(string name, LinkTool links)
{
    private const int FromInterface = 5180, Own = 5181, ToNetworks = 5182, End = 5189;

    private List<(string Family, IpRule Rule)> _known = [];

    /// <param name="isShut">True to let nothing through at all, whatever its mark.</param>
    /// <returns>Sentences about what could not be set.</returns>
    public async Task<IReadOnlyList<string>> KeepAsync(NftRules rules, bool isShut, CancellationToken cancellationToken)
    {
        List<string> faults = [];
        foreach (var family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 })
        {
            var (option, isFor) = family == AddressFamily.InterNetwork ? ("-4", "IPv4") : ("-6", "IPv6");
            if (family == AddressFamily.InterNetworkV6 && Ipv6.IsOff("all"))
            {
                continue;
            }

            try
            {
                await KeepAsync(option, Wanted(rules, isShut, family), cancellationToken);
            }
            catch (WgException exception)
            {
                faults.Add($"{isFor} is not guarded against a firewall that is flushed: {exception.Message}");
            }
        }

        return faults;
    }

    /// <summary>Takes away what was set since the start.</summary>
    /// <exception cref="WgException">ip refused.</exception>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        foreach (var family in _known.Select(known => known.Family).Distinct().ToList())
        {
            await KeepAsync(family, [], cancellationToken);
        }
    }

    /// <summary>New ones before old ones go: there is no moment without.</summary>
    /// <remarks>Hubs that start on one machine at once share some of them, and then one of them finds that a rule is there already.</remarks>
    private async Task KeepAsync(string family, IReadOnlyList<IpRule> wanted, CancellationToken cancellationToken)
    {
        try
        {
            await ChangeAsync(family, wanted, cancellationToken);
        }
        catch (WgException)
        {
            await ChangeAsync(family, wanted, cancellationToken);
        }
    }

    private async Task ChangeAsync(string family, IReadOnlyList<IpRule> wanted, CancellationToken cancellationToken)
    {
        var present = (await links.RulesAsync(family, cancellationToken)).Where(IsOurs).ToList();
        await links.ChangeRulesAsync(
            family,
            [
                .. wanted.Except(present).OrderByDescending(rule => rule.Priority).Select(rule => $"rule add {Text(rule)}"),
                .. present.Except(wanted).Where(rule => rule.Iif == name || _known.Contains((family, rule))).Select(rule => $"rule delete {Text(rule)}"),
            ],
            cancellationToken);
        _known = [.. _known.Where(known => known.Family != family), .. wanted.Select(rule => (family, rule))];
    }

    /// <summary>Other hubs of this machine have rules of the same priorities.</summary>
    private bool IsOurs(IpRule rule) => rule.Priority is >= FromInterface and <= End && (rule.Iif is null || rule.Iif == name || rule.Iif == "lo");

    private List<IpRule> Wanted(NftRules rules, bool isShut, AddressFamily family)
    {
        var (mark, mask) = isShut ? (null, null) : ("0", $"0x{rules.Mark.ToString("x", CultureInfo.InvariantCulture)}");
        return
        [
            new(FromInterface) { Iif = name, Mark = mark, Mask = mask, Action = "prohibit" },
            new(Own) { Iif = "lo", Goto = End },
            .. rules.Tunnel.Where(network => network.IsIPv6 == (family == AddressFamily.InterNetworkV6)).Select(network => new IpRule(ToNetworks)
            {
                Destination = network.Address, Mark = mark, Mask = mask, Action = "prohibit",
                DestinationLength = network.PrefixLength == network.Bits ? null : network.PrefixLength,
            }),
            new(End),
        ];
    }

    private static string Text(IpRule rule)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"priority {rule.Priority}"));
        if (rule.Iif is { } from)
        {
            text.Append(CultureInfo.InvariantCulture, $" iif {from}");
        }

        if (rule.Destination is { } destination)
        {
            text.Append(CultureInfo.InvariantCulture, $" to {destination}");
            if (rule.DestinationLength is { } length)
            {
                text.Append(CultureInfo.InvariantCulture, $"/{length}");
            }
        }

        if (rule.Mask is { } mask)
        {
            text.Append(CultureInfo.InvariantCulture, $" fwmark {rule.Mark}/{mask}");
        }

        text.Append(rule switch
        {
            { Goto: { } target } => string.Create(CultureInfo.InvariantCulture, $" goto {target}"),
            { Action: { } action } => $" {action}",
            _ => " nop",
        });
        return text.Append(" protocol kernel").ToString();
    }
}
