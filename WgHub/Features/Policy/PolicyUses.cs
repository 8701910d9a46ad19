using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Policy;

/// <summary>What a rule has let through, over all lives of the kernel's table.</summary>
/// <param name="LastUsed">To the seconds between two looks; null for never.</param>
internal sealed record PolicyUse(long Packets, long Bytes, DateTimeOffset? LastUsed)
{
    public static readonly PolicyUse Never = new(0, 0, null);
}

/// <summary>Adds up what the kernel counts: its counters begin anew when the machine does.</summary>
internal sealed class PolicyUses(Database database, PolicyStore policies)
{
    private IReadOnlyDictionary<string, NftCount> _before = FirewallLook.Nothing.Counts;

    /// <summary>Writes what has moved since the last look; nothing when nothing has.</summary>
    /// <param name="counts">By name of a rule's counter.</param>
    public async Task NoteAsync(HubId hub, IReadOnlyDictionary<string, NftCount> counts, CancellationToken cancellationToken)
    {
        var moved = counts.Where(count => count.Value.Packets > 0 && _before.GetValueOrDefault(count.Key) != count.Value).ToDictionary();
        if (moved.Count == 0 || policies.Find(hub) is not { } state)
        {
            return;
        }

        var rows = state.Rules.Select(rule => (rule.Id, Counter: PolicyCompiler.CounterOf(rule.Id))).Where(rule => moved.ContainsKey(rule.Counter))
            .Select(rule => (rule.Id, Now: moved[rule.Counter])).ToList();
        if (rows.Count > 0)
        {
            await database.WriteAsync(tx => Write(tx, hub, rows), cancellationToken);
        }

        _before = counts;
    }

    /// <summary>By id of a rule.</summary>
    public IReadOnlyDictionary<string, PolicyUse> All(HubId hub) => database.Read(tx => tx.Query(
            $"select rule_id, packets, bytes, last_used_at from policy_uses where hub_id = {hub}",
            row => (Id: row.Text("rule_id"), Use: new PolicyUse(row.Number("packets"), row.Number("bytes"), row.TimeOrNull("last_used_at")))))
        .ToDictionary(row => row.Id, row => row.Use);

    private static void Write(Tx tx, HubId hub, List<(string Id, NftCount Now)> rows) => tx.ExecuteEach(
        rows,
        row =>
            $"""
            insert into policy_uses (rule_id, hub_id, counter_packets, counter_bytes, packets, bytes, last_used_at)
            values ({row.Id}, {hub}, {row.Now.Packets}, {row.Now.Bytes}, {row.Now.Packets}, {row.Now.Bytes}, {tx.Now})
            on conflict (rule_id) do update set
                packets = policy_uses.packets + excluded.counter_packets
                    - case when excluded.counter_packets >= policy_uses.counter_packets then policy_uses.counter_packets else 0 end,
                bytes = policy_uses.bytes + excluded.counter_bytes
                    - case when excluded.counter_packets >= policy_uses.counter_packets then policy_uses.counter_bytes else 0 end,
                last_used_at = case when excluded.counter_packets = policy_uses.counter_packets then policy_uses.last_used_at else excluded.last_used_at end,
                counter_packets = excluded.counter_packets, counter_bytes = excluded.counter_bytes
            """);
}
