using System.Security.Cryptography;
using System.Text;
using WgHub.Features.Leases;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Import;

/// <summary>What an import would do, said before anything changes. Pure: the same source and state give the same plan.</summary>
/// <param name="Target">Null when the hub has no network yet and the source names none.</param>
/// <param name="Problems">Sentences: why nothing can be done at all.</param>
/// <param name="Notices">Sentences to read first.</param>
internal sealed record ImportPlan(
    ImportSource Source, ImportTarget? Target, IReadOnlyList<PlannedSpoke> Spokes, IReadOnlyList<string> Problems, IReadOnlyList<string> Notices)
{
    public int Added => Spokes.Count(spoke => spoke.IsAdded);

    public int Known => Spokes.Count(spoke => spoke.Known is not null);

    public int LeftOut => Spokes.Count - Added - Known;

    /// <summary>Why nothing is done. A running interface is taken over whole: whoever were left out would be cut off.</summary>
    public IReadOnlyList<string> Blocks => Source.IsRunning
        ? [.. Problems, .. Spokes.SelectMany(spoke => spoke.Problems, (spoke, problem) => $"{spoke.Name}: {problem}")]
        : Problems;

    /// <summary>Names this plan: what was shown is what is done. Names of spokes are chosen later and do not count.</summary>
    public string Hash
    {
        get
        {
            var text = string.Join('\n', [Source.Kind, Target?.ToString() ?? "", .. Problems, .. Spokes.Select(spoke => spoke.Fingerprint)]);
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        }
    }

    /// <param name="target">Null when there is none: then nothing fits.</param>
    public static ImportPlan Of(ImportSource source, ImportTarget? target, PresentState present, bool withoutIPv6)
    {
        if (target is null)
        {
            return new(source, null, [], ["The network is not known. Name it."], source.Notices);
        }

        var planner = new PeerPlanner(target, present, withoutIPv6);
        return new(
            source, target, [.. source.Peers.Select(planner.Judge)], [.. ProblemsOf(source, target, withoutIPv6)],
            [.. NoticesOf(source, target), .. source.Notices]);
    }

    /// <summary>This plan with names that a person chose in place of its own.</summary>
    /// <param name="names">By public key.</param>
    /// <param name="taken">Names in use, by <see cref="SpokeName.Key"/>.</param>
    /// <exception cref="AppException">VALIDATION_FAILED: one is none, or there would be two of it.</exception>
    public ImportPlan Named(IReadOnlyDictionary<string, string> names, IReadOnlySet<string> taken)
    {
        var chosen = this with
        {
            Spokes =
                [.. Spokes.Select(
                    spoke =>
                        !spoke.IsAdded || !names.TryGetValue(spoke.Source.Key, out var text)
                            ? spoke
                            : spoke with { Name = SpokeName.TryParse(text, out var name) ? name : throw ImportErrors.NoName() })],
        };
        var all = taken.ToHashSet();
        return chosen.Spokes.FirstOrDefault(spoke => spoke.IsAdded && !all.Add(spoke.Name.Key)) is { } second
            ? throw ImportErrors.NameTwice(second.Name.Text)
            : chosen;
    }

    /// <summary>The interface keeps exactly what the hub wants: an address more than that would be taken off it.</summary>
    private static IEnumerable<string> ProblemsOf(ImportSource source, ImportTarget target, bool withoutIPv6)
    {
        if (!source.IsRunning || source.Hub is not { } hub)
        {
            yield break;
        }

        var own = $"{Ipv4Network.ToText(target.Address)}/";
        foreach (
            var address in hub.Addresses.Where(
                address => IsIPv6(address) ? target.Network6 is null && !withoutIPv6 : !address.StartsWith(own, StringComparison.Ordinal)))
        {
            yield return $"The hub would lose its address {address}.";
        }

        if (hub.Mtu is < 1280 or > 9000)
        {
            yield return $"The MTU {hub.Mtu} is not one from 1280 to 9000.";
        }
    }

    /// <summary>A hub's IPv6 address ends in its IPv4 one; other tools like ::1.</summary>
    private static IEnumerable<string> NoticesOf(ImportSource source, ImportTarget target) => target.Address6For(target.Address) is { } address
        ? (source.Hub?.Addresses ?? [])
            .Where(old => IsIPv6(old) && !old.StartsWith($"{address}/", StringComparison.Ordinal))
            .Select(old => $"The hub's own IPv6 address becomes {address}; it was {old}.")
        : [];

    private static bool IsIPv6(string address) => address.Contains(':', StringComparison.Ordinal);
}
