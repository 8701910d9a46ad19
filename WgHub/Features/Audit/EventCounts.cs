using System.Collections.Concurrent;

namespace WgHub.Features.Audit;

/// <summary>How many events of each name there were since the start of this process.</summary>
internal sealed class EventCounts
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Each event there is, by name, also those that there were none of.</summary>
    public IEnumerable<(string Name, long Count)> All => AuditEvents.All.Select(known => (known.Name, Of(known)));

    public long Of(AuditEvent known) => _counts.GetValueOrDefault(known.Name);

    public void Add(string name) => _counts.AddOrUpdate(name, 1, (_, count) => count + 1);
}
