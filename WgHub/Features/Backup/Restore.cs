using System.Globalization;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Backup.Age;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Backup;

/// <param name="Former">The folder in the data directory that what was there is in now; null when there was nothing.</param>
/// <param name="CutOff">The spokes that were there and that the backup does not know, by name; null when what was there cannot be read.</param>
internal sealed record Restored(BackupManifest Manifest, string? Former, IReadOnlyList<string>? CutOff);

/// <summary>
/// Puts a backup in the place of what is in a data directory, while no hub runs on it. It is taken apart and opened beside it first; wherever
/// this is cut short, the directory is what it was or what the backup is, and never a mixture (<see cref="DataSwap"/>).
/// </summary>
internal static class Restore
{
    /// <param name="isWanted">Asked, with a sentence, when a hub's data are there already.</param>
    /// <exception cref="StorageException">A hub runs, the backup is refused, or somebody does not want it. Nothing was changed.</exception>
    public static async Task<Restored> RunAsync(
        Stream from, AgeIdentity identity, DataDirectory data, TimeProvider time, Func<string, bool> isWanted, CancellationToken cancellationToken)
    {
        using var held = new DataLock(data);
        var before = Spokes(data, time);
        if (data.HasDatabase && !isWanted(Told(data, before)))
        {
            throw new StorageException($"{Told(data, before)} With --yes it is put aside and the backup takes its place.");
        }

        var draft = DataSwap.Begin(data);
        IReadOnlyList<string>? cutOff = null;
        try
        {
            var manifest = await BackupReader.ReadAsync(
                from, identity, draft, time,
                (tx, manifest) =>
                {
                    var known = Known(tx).Select(spoke => spoke.Key).ToHashSet();
                    cutOff = before?.Where(spoke => !known.Contains(spoke.Key)).Select(spoke => spoke.Name).Order(StringComparer.Ordinal).ToList();
                    Settle(tx, manifest, cutOff);
                },
                cancellationToken);
            DataSwap.Decide(data, draft, time);
            return new(manifest, DataSwap.Finish(data), cutOff);
        }
        finally
        {
            if (Directory.Exists(draft.Directory))
            {
                Directory.Delete(draft.Directory, recursive: true);
            }
        }
    }

    /// <summary>Sessions that were ended since must not come to life again; peers that the backup does not know are to go.</summary>
    private static void Settle(Tx tx, BackupManifest manifest, IReadOnlyList<string>? cutOff)
    {
        RestoreMark.Set(tx);
        SessionStore.EndEverybodys(tx);
        tx.Audit(
            AuditEvents.BackupRestored, Subject.One(tx.OwnHub.Value),
            ("madeAt", manifest.MadeAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            ("spokes", manifest.Spokes.ToString(CultureInfo.InvariantCulture)),
            ("cutOff", cutOff is null ? "unknown" : string.Join(' ', cutOff)));
    }

    /// <summary>Null when they cannot be read: damage is what restores are for.</summary>
    private static IReadOnlyList<(PublicKey Key, string Name)>? Spokes(DataDirectory data, TimeProvider time)
    {
        try
        {
            return File.Exists(data.DatabaseFile) ? DatabaseCopy.Read(data.DatabaseFile, hasLog: true, time, Known) : [];
        }
        catch (StorageException)
        {
            return null;
        }
    }

    private static IReadOnlyList<(PublicKey Key, string Name)> Known(Tx tx) => SpokeStore.Known(tx, tx.OwnHub);

    private static string Told(DataDirectory data, IReadOnlyList<(PublicKey Key, string Name)>? spokes) => spokes is null
        ? $"In {data.Directory} there is a hub's database that cannot be read."
        : $"In {data.Directory} there is a hub with {spokes.Count} {(spokes.Count == 1 ? "spoke" : "spokes")}.";
}
