namespace WgHub.Features.Import;

/// <summary>
/// Reads a list of peers as wg(8) does: a later peer of the same key is the same peer, with the later allowed IPs and what else it names; an allowed
/// IP belongs to the last peer that names it. Who is switched off takes nothing from anybody.
/// </summary>
internal static class WireGuardClashes
{
    public static IReadOnlyList<ImportedPeer> Settle(IReadOnlyList<ImportedPeer> peers)
    {
        Dictionary<string, ImportedPeer> byKey = [];
        Dictionary<string, string> owners = []; // key by allowed IP
        foreach (var peer in peers.Where(peer => peer.IsEnabled))
        {
            var canonical = peer with { AllowedIPs = [.. peer.AllowedIPs.Select(text => AllowedIP.Parse(text)?.ToString() ?? text).Distinct()] };
            if (byKey.TryGetValue(peer.Key, out var before))
            {
                foreach (var allowed in before.AllowedIPs.Where(allowed => owners.GetValueOrDefault(allowed) == peer.Key))
                {
                    owners.Remove(allowed);
                }

                canonical = canonical with
                {
                    Name = canonical.Name ?? before.Name,
                    PresharedKey = canonical.PresharedKey ?? before.PresharedKey,
                    CalledAt = canonical.CalledAt ?? before.CalledAt,
                    Remarks = [.. canonical.Remarks, "Its key stands there more than once; what stands last counts, as for WireGuard."],
                };
            }

            byKey[peer.Key] = canonical;
            foreach (var allowed in canonical.AllowedIPs)
            {
                owners[allowed] = peer.Key;
            }
        }

        foreach (var peer in peers.Where(peer => !peer.IsEnabled))
        {
            byKey.TryAdd(peer.Key, peer);
        }

        return [.. byKey.Values.Select(peer => peer.IsEnabled ? WithOwn(peer, byKey, owners) : peer)];
    }

    private static ImportedPeer WithOwn(ImportedPeer peer, Dictionary<string, ImportedPeer> byKey, Dictionary<string, string> owners)
    {
        var lost = peer.AllowedIPs.Where(allowed => owners[allowed] != peer.Key).ToList();
        return lost.Count == 0 ? peer : peer with
        {
            AllowedIPs = [.. peer.AllowedIPs.Except(lost)],
            Remarks =
                [.. peer.Remarks,
                    .. lost.Select(allowed => $"{allowed} is {byKey[owners[allowed]].Name ?? "a later peer"}'s, who names it last, as for WireGuard.")],
        };
    }
}
