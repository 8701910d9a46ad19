using System.Globalization;
using System.Text.Json;

namespace WgHub.Features.Audit;

/// <summary>
/// Holds redacted entries against what later entries tell of them. All that is redacted is answered for by one entry that is there, and each such entry
/// finds what it told, or a later one says that it has taken over.
/// </summary>
internal sealed class RedactionCheck
{
    private readonly Dictionary<long, RedactionSet> _sets = [];
    private readonly HashSet<long> _unanswered = [];

    public void Redacted(long sequence, AuditEntry entry, long by)
    {
        if (!_sets.TryGetValue(by, out var set))
        {
            _sets[by] = set = new();
        }

        set.Add(sequence, entry);
    }

    /// <returns>False when it tells of others than there are.</returns>
    public bool Tells(long sequence, AuditEntry entry)
    {
        if (entry.Event != AuditEvents.PersonErased.Name && entry.Event != AuditEvents.AuditCut.Name)
        {
            return true;
        }

        using var facts = JsonDocument.Parse(entry.Detail);
        if (Fact(facts, AuditRedaction.Digest) is not { Length: > 0 } digest)
        {
            return true;
        }

        foreach (var former in Fact(facts, AuditRedaction.Supersedes).Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            _unanswered.Remove(long.Parse(former, CultureInfo.InvariantCulture));
        }

        if (!_sets.Remove(sequence, out var set) && Fact(facts, AuditRedaction.Count) != "0")
        {
            _unanswered.Add(sequence); // a later one has to have taken over
            return true;
        }

        return digest == (set ?? new()).Digest;
    }

    /// <returns>The first entry that something is wrong with; null when nothing is.</returns>
    public long? End() => _sets.Keys.Concat(_unanswered).Order().Select(sequence => (long?)sequence).FirstOrDefault();

    private static string Fact(JsonDocument facts, string name) =>
        facts.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
