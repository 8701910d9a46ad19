using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>What the interface should hold: the peers of spokes that are switched on and whose time is not over.</summary>
internal sealed class PeerStore(Database database, TimeProvider time)
{
    /// <summary>The condition on <c>spokes</c> for being on the interface.</summary>
    public static SqlPart IsWanted(DateTimeOffset now) =>
        SqlPart.Of($"spokes.enabled and (spokes.expires_at is null or spokes.expires_at > {now.ToUnixTimeMilliseconds()})");

    /// <summary>The wanted ones among these keys; as fast at any number of peers.</summary>
    public IReadOnlyDictionary<PublicKey, uint> Wanted(IReadOnlyCollection<PublicKey> keys)
    {
        var now = time.GetUtcNow();
        return database.Read(db =>
        {
            var wanted = new Dictionary<PublicKey, uint>();
            foreach (var key in keys)
            {
                var slot = db.Count(
                    $"""
                    select leases.slot from peers join spokes on spokes.id = peers.spoke_id join leases on leases.spoke_id = spokes.id
                    where peers.hub_id = {database.HubId} and peers.public_key = {key.ToString()} and {IsWanted(now)}
                    """);
                if (slot != 0)
                {
                    wanted[key] = (uint)slot;
                }
            }

            return wanted;
        });
    }

    /// <summary>Every peer with its address and whether it is wanted.</summary>
    public IReadOnlyDictionary<PublicKey, (uint Address, bool IsWanted)> All()
    {
        var now = time.GetUtcNow();
        return database.Read(db => db.Query(
            $"""
            select peers.public_key, leases.slot, case when {IsWanted(now)} then 1 else 0 end
            from peers join spokes on spokes.id = peers.spoke_id join leases on leases.spoke_id = spokes.id
            where peers.hub_id = {database.HubId}
            """,
            row => (Key: PublicKey.Parse(row.GetString(0)), Address: (uint)row.GetInt64(1), IsWanted: row.GetInt64(2) == 1)))
            .ToDictionary(peer => peer.Key, peer => (peer.Address, peer.IsWanted));
    }
}
