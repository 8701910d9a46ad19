using System.Text.Json;
using WgHub.Hosting;

namespace WgHub.Features.Audit;

/// <summary>
/// Tells each audit entry in the log too, under its event's name (<c>spoke_registered</c>), with its place in the chain: a
/// log that is kept elsewhere shows when the database was changed. It reads what is durable, so it never tells of a change
/// that was undone, and also tells what a command on this machine did.
/// </summary>
internal sealed class AuditTelling(Events events, EventCounts counts, TimeProvider time, ILogger<AuditTelling> logger)
    : Loop(TimeSpan.FromSeconds(2), new(), time, logger)
{
    private const int Portion = 500;

    /// <summary>A key in a log is for finding, not for using.</summary>
    private const int KeyCharactersTold = 16;

    private long _told = events.Head.Sequence;

    public override Task RunOnceAsync(CancellationToken cancellationToken)
    {
        foreach (var (entry, link) in events.After(_told, Portion))
        {
            var known = AuditEvents.Find(entry.Event) ?? new(entry.Event, LogLevel.Information, SubjectKind.Unknown, "");
            var told = FactsOf(entry, link).ToList();
            logger.Log(
                known.Level,
                new(0, known.LogName),
                told,
                null,
                (facts, _) => $"{known.LogName} {string.Join(' ', facts.Select(fact => $"{fact.Key}={fact.Value}"))}");
            counts.Add(entry.Event);
            _told = link.Sequence;
        }

        return Task.CompletedTask;
    }

    private static IEnumerable<KeyValuePair<string, object?>> FactsOf(AuditEntry entry, AuditLink link)
    {
        yield return new("actor", entry.Actor);
        if (entry.Address is { } address)
        {
            yield return new("from", address);
        }

        if (entry.Subject is { } subject)
        {
            yield return new(entry.Event.StartsWith("spoke.", StringComparison.Ordinal) ? "spokeId" : "subject", subject);
        }

        using var detail = JsonDocument.Parse(entry.Detail);
        foreach (var fact in detail.RootElement.EnumerateObject())
        {
            var value = fact.Value.ToString();
            yield return new(fact.Name, fact.Name == "publicKey" && value.Length > KeyCharactersTold ? $"{value[..KeyCharactersTold]}..." : value);
        }

        yield return new("audit", link);
    }
}
