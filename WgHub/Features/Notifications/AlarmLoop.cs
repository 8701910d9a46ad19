using WgHub.Features.Backup;
using WgHub.Features.Hub;
using WgHub.Features.Tls;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Notifications;

/// <summary>Looks at what can be wrong for longer than a moment. It is told when it was seen by two looks one after the other, and so is its end.</summary>
internal sealed class AlarmLoop(
    AlarmStore store, BackupSchedule backups, Certificates certificates, HubState hub, DataDirectory data, TimeProvider time, ILogger<AlarmLoop> logger)
    : Loop(TimeSpan.FromMinutes(1), new(), time, logger)
{
    private static readonly TimeSpan CertificateNotice = TimeSpan.FromDays(14);

    private readonly TimeProvider _time = time;
    private Dictionary<string, bool> _before = [];

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = Look().Where(look => look.Holds is not null).ToList();
        var open = store.Open();
        foreach (var (alarm, holds, why) in now.Where(look => _before.TryGetValue(look.Alarm.Name, out var before) && before == look.Holds))
        {
            if (holds == true && !open.Contains(alarm.Name))
            {
                await store.BeginAsync(alarm, why, cancellationToken);
            }
            else if (holds == false && open.Contains(alarm.Name))
            {
                await store.EndAsync(alarm, cancellationToken);
            }
        }

        _before = now.ToDictionary(look => look.Alarm.Name, look => look.Holds!.Value);
    }

    /// <returns>Null for what is neither the one nor the other: then it stays as it was told.</returns>
    private IEnumerable<(NotifiedEvent Alarm, bool? Holds, string Why)> Look()
    {
        var standing = backups.Look();
        var last = standing.Last is { } good ? $"The last is from {UtcText.Of(good.MadeAt)}." : "There is none.";
        yield return (EventCatalogue.BackupOverdue, standing.IsLate, last);
        var served = certificates.Current;
        yield return (EventCatalogue.CertificateExpiring, IsExpiring(served), $"It is good until {UtcText.Of(served?.NotAfter ?? default)}.");
        yield return (EventCatalogue.DriftOpen, hub.OpenDrift is not null, $"{hub.OpenDrift?.Unknown.Count} peers are unknown.");
        yield return (EventCatalogue.InterfaceFailed, hub.Failure is not null, hub.Failure ?? "");
        if (DiskSpace.Of(data.Directory) is { } disk)
        {
            // Between the two it stays as it was told.
            bool? isLow = disk.FreeBytes < disk.LowBytes ? true : disk.FreeBytes > disk.LowBytes * 3 / 2 ? false : null;
            yield return (EventCatalogue.DiskLow, isLow, $"{DataSize.Of((long)disk.FreeBytes)} of {DataSize.Of((long)disk.Bytes)} are free.");
        }
    }

    /// <summary>One that is renewed by itself has long been by then, however short its life.</summary>
    private bool IsExpiring(CertificatePair? pair) =>
        pair is not null && pair.NotAfter - _time.GetUtcNow() is var left
        && (left < CertificateNotice && left < (pair.NotAfter - pair.NotBefore) / 10);
}
