using System.Security.Cryptography;
using System.Text;
using WgHub.Features.Leases;
using WgHub.Web;

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
        ? [.. Problems,
            .. Spokes.Where(spoke => spoke.LosesConnection).SelectMany(spoke => spoke.Problems, (spoke, problem) => $"{spoke.Name}: {problem}")]
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
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public static ImportPlan Of(ImportSource source, ImportTarget? target, PresentState present, ImportWish wish, CancellationToken cancellationToken)
    {
        if (target is null)
        {
            return new(source, null, [], ["The network is not known. Name it."], source.Notices);
        }

        var planner = new PeerPlanner(target, present, wish);
        List<PlannedSpoke> spokes = [];
        foreach (var peer in WireGuardClashes.Settle(source.Peers))
        {
            cancellationToken.ThrowIfCancellationRequested();
            spokes.Add(planner.Judge(peer));
        }

        return new(source, target, spokes, [.. ProblemsOf(source, target, wish)], [.. NoticesOf(source, target, spokes), .. source.Notices]);
    }

    /// <exception cref="AppException">VALIDATION_FAILED: no hub can be there.</exception>
    public void ThrowIfImpossible()
    {
        if (Target?.Fault is { } fault)
        {
            throw WebErrors.Invalid(fault.Field, fault.Sentence);
        }
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
    private static IEnumerable<string> ProblemsOf(ImportSource source, ImportTarget target, ImportWish wish)
    {
        if (target.Fault is { } fault)
        {
            yield return fault.Sentence;
        }

        if (!source.IsRunning || source.Hub is not { } hub)
        {
            yield break;
        }

        var lost = hub.Addresses.Where(address => !IsKept(address, target) && !wish.WithoutAddresses && !(IsIPv6(address) && wish.WithoutIPv6));
        foreach (var address in lost)
        {
            yield return $"The hub would lose its address {address}.";
        }
    }

    private static IEnumerable<string> NoticesOf(ImportSource source, ImportTarget target, IReadOnlyList<PlannedSpoke> spokes)
    {
        if (spokes.Where(spoke => !spoke.IsAdded && spoke.Source.AllowedIPs.Count == 0).Select(spoke => spoke.Name.Text).ToList() is { Count: > 0 } idle)
        {
            var more = idle.Count > 10 ? $" and {idle.Count - 10} more" : "";
            yield return $"Left out, since nothing reaches a peer without allowed IPs: {string.Join(", ", idle.Take(10))}{more}.";
        }

        foreach (var old in (source.Hub?.Addresses ?? []).Where(old => IsIPv6(old) && target.Network6 is not null && !IsKept(old, target)))
        {
            yield return $"The hub's own IPv6 address is {target.Address6 ?? target.Address6For(target.Address)}; there it was {old}.";
        }
    }

    private static bool IsKept(string address, ImportTarget target) => AllowedIP.Parse(address) is { } own
        && (own.Address6 is null ? own.Address == target.Address : own.Address6.Equals(target.Address6 ?? target.Address6For(target.Address)));

    private static bool IsIPv6(string address) => address.Contains(':', StringComparison.Ordinal);
}
