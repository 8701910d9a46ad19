using System.Collections.Frozen;
using WgHub.Features.Audit;

namespace WgHub.Features.Notifications;

/// <summary>
/// All that people can be told of: every event of the audit log, and what happens without being a change. docs/events.md tells it to readers, and a
/// test holds the two together.
/// </summary>
internal static class EventCatalogue
{
    /// <summary>At the end of the name of an alarm that is over.</summary>
    public const string Ended = ".ended";

    public static readonly NotifiedEvent SpokeConnected = new(
        "spoke.connected", EventLevel.Info, SubjectKind.Spoke, "A spoke has connected. With `changes`: after so many ups and downs it has settled so.");

    public static readonly NotifiedEvent SpokeDisconnected = new(
        "spoke.disconnected", EventLevel.Info, SubjectKind.Spoke,
        "A spoke is not connected any more. With `changes`: after so many ups and downs it has settled so.");

    public static readonly NotifiedEvent SpokeFlapping = new(
        "spoke.flapping", EventLevel.Warning, SubjectKind.Spoke, "A spoke comes and goes: nothing more is told of that until it has settled.");

    public static readonly NotifiedEvent BackupOverdue = new("backup.overdue", EventLevel.Warning, SubjectKind.Hub, "The last good backup is too old.");

    public static readonly NotifiedEvent CertificateExpiring = new(
        "certificate.expiring", EventLevel.Warning, SubjectKind.Certificate, "The certificate that is served runs out soon, and no other has come.");

    public static readonly NotifiedEvent DiskLow = new("disk.low", EventLevel.Critical, SubjectKind.Hub, "The disk that holds the data is nearly full.");

    public static readonly NotifiedEvent DriftOpen = new(
        "drift.open", EventLevel.Warning, SubjectKind.Hub, "The interface is not as wanted, and is left so.");

    public static readonly NotifiedEvent InterfaceFailed = new(
        "interface.failed", EventLevel.Critical, SubjectKind.Hub, "The interface cannot be kept as wanted.");

    /// <summary>Conditions that begin and end; each end is told as loud as its beginning, so that whoever heard the one hears the other.</summary>
    public static readonly IReadOnlyList<NotifiedEvent> Alarms = [BackupOverdue, CertificateExpiring, DiskLow, DriftOpen, InterfaceFailed];

    /// <summary>What is no entry of the audit log.</summary>
    public static readonly IReadOnlyList<NotifiedEvent> Happenings =
        [.. Alarms.SelectMany(alarm => new[] { alarm, EndOf(alarm) }), SpokeConnected, SpokeDisconnected, SpokeFlapping];

    public static readonly IReadOnlyList<NotifiedEvent> All =
    [
        .. AuditEvents.All.Select(known => new NotifiedEvent(known.Name, LevelOf(known.Level), known.Of, known.Sentence)).Concat(Happenings)
            .OrderBy(known => known.Name, StringComparer.Ordinal),
    ];

    private static readonly FrozenDictionary<string, NotifiedEvent> ByName = All.ToFrozenDictionary(known => known.Name);

    /// <returns>Null for one that only an older version knew.</returns>
    public static NotifiedEvent? Find(string name) => ByName.GetValueOrDefault(name);

    public static NotifiedEvent EndOf(NotifiedEvent alarm) => alarm with { Name = alarm.Name + Ended, Sentence = $"It is over: {alarm.Sentence}" };

    private static EventLevel LevelOf(LogLevel level) => level switch
    {
        LogLevel.Error or LogLevel.Critical => EventLevel.Critical,
        LogLevel.Warning => EventLevel.Warning,
        _ => EventLevel.Info,
    };
}
