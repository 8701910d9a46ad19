using System.Globalization;
using WgHub.Features.Leases;
using WgHub.WireGuard;

namespace WgHub.Features.Import;

/// <summary>Judges the peers of a source one after the other; each takes its key, name, address and networks from those behind it.</summary>
internal sealed class PeerPlanner(ImportTarget target, PresentState present, ImportWish wish)
{
    private readonly ProposedNames _names = new([.. present.Names]);
    private readonly PeerRoutes _routes = new(target, present, wish);

    public PlannedSpoke Judge(ImportedPeer peer)
    {
        List<string> problems = [], remarks = [.. peer.Remarks];
        var key = KeyOf(peer, problems);
        if (key is { } known && present.Spokes.TryGetValue(known, out var spoke))
        {
            return new() { Source = peer, Key = key, Name = NameOf(spoke), Known = spoke };
        }

        var name = _names.For(peer.Name, peer.Key);
        if (wish.LeaveOut.Contains(peer.Key))
        {
            return new() { Source = peer, Key = key, Name = name, IsLeftOut = true, Remarks = ["It is left out, as you said. It has no connection then."] };
        }

        if (peer.PresharedKey is { } secret && !PublicKey.TryParse(secret.Reveal(), out _))
        {
            problems.Add("Its preshared key is not one; the export may be encrypted.");
        }

        var found = _routes.Judge(peer, name, problems, remarks);
        if (!peer.IsEnabled)
        {
            remarks.Add("It is switched off, and stays so.");
        }

        if (peer.CalledAt is { } endpoint)
        {
            remarks.Add($"The hub called it at {endpoint}. From the next start of the machine on it has to call the hub.");
        }

        return new()
        {
            Source = peer,
            Key = key,
            Name = name,
            Address = found.Address,
            Address6 = found.Address6,
            Networks = found.Networks,
            PresharedKey = peer.PresharedKey is { } one && one.Reveal() != PresharedKey.None ? one : null,
            Problems = Shortened(problems),
            Remarks = Shortened(remarks),
        };
    }

    private static SpokeName NameOf(string text) => SpokeName.TryParse(text, out var name) ? name : throw new FormatException("A spoke's name is none.");

    /// <summary>A file may make thousands of them, which nobody reads.</summary>
    private static List<string> Shortened(List<string> sentences)
    {
        const int Most = 20;
        return sentences.Count <= Most
            ? sentences
            : [.. sentences.Take(Most), string.Create(CultureInfo.InvariantCulture, $"And {sentences.Count - Most} more of the kind.")];
    }

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

        return key;
    }
}
