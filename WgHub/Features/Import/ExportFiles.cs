using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Import;

/// <summary>Reads the files of another tool. What they are, they show themselves.</summary>
internal static class ExportFiles
{
    /// <summary>All files together; WGDashboard keeps its history in the same database.</summary>
    public const int MostBytes = 16 * 1024 * 1024;

    private const int MostFiles = 4;

    private const string InUse =
        "The database was in use when it was copied (WAL): what was changed last may stand in the file beside it that ends in -wal. "
            + "Stop the tool, then copy its database.";

    /// <param name="interfaceName">The one to take, where there are several.</param>
    /// <exception cref="AppException">VALIDATION_FAILED, with a sentence of ours and nothing out of the files.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public static ImportSource Read(IReadOnlyList<byte[]> files, string interfaceName, CancellationToken cancellationToken)
    {
        if (files.Count is 0 or > MostFiles || files.Sum(file => (long)file.Length) > MostBytes)
        {
            throw ImportErrors.Unreadable($"One to {MostFiles} files, at most {MostBytes / 1024 / 1024} MiB together.");
        }

        // A database knows more than a conf file: names, and who is switched off.
        var sources = files.OrderByDescending(file => ForeignDatabase.IsOne(file)).Select(file => Read(file, interfaceName, cancellationToken)).ToList();
        var source = sources.Skip(1).Aggregate(sources[0], (all, next) => all.With(next));
        return source.Peers.Sum(peer => (long)peer.AllowedIPs.Count) <= ImportSource.MostAllowedIPs
            ? source
            : throw ImportErrors.Unreadable($"Its peers have more than {ImportSource.MostAllowedIPs:N0} addresses and networks together.");
    }

    private static ImportSource Read(byte[] file, string interfaceName, CancellationToken cancellationToken)
    {
        if (ForeignDatabase.IsOne(file))
        {
            return ReadDatabase(file, interfaceName, cancellationToken);
        }

        var text = UploadedText.Decode(file) ?? throw ImportErrors.Unreadable("It is neither a conf file of WireGuard nor wg0.json nor a SQLite file.");
        return text.AsSpan().TrimStart() is ['{', ..] ? WgEasyJson.Read(text) : ConfSource.Read(text, ConfSource.WgQuick, cancellationToken);
    }

    private static ImportSource ReadDatabase(byte[] file, string interfaceName, CancellationToken cancellationToken)
    {
        try
        {
            using var database = new ForeignDatabase(file, cancellationToken);
            var source = Read(database, interfaceName);
            return database.WasInUse ? source with { Notices = [InUse, .. source.Notices] } : source;
        }
        catch (StorageException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw ImportErrors.Unreadable("The SQLite file is damaged, or of a version that is not known here.");
        }
    }

    private static ImportSource Read(ForeignDatabase database, string interfaceName) =>
        WgEasyStore.IsOne(database) ? WgEasyStore.Read(database)
        : WgPortalStore.IsVersion2(database) || WgPortalStore.IsVersion1(database)
            ? WgPortalStore.Read(database, OneOf(WgPortalStore.Interfaces(database), interfaceName))
        : WgDashboardStore.Interfaces(database) is { Count: > 0 } names ? WgDashboardStore.Read(database, OneOf(names, interfaceName))
        : throw ImportErrors.Unreadable("It is a SQLite file, but not of wg-easy 15, WGDashboard or wg-portal.");

    private static string OneOf(IReadOnlyList<string> names, string wish) =>
        names.Count == 1 ? names[0]
        : names.Contains(wish) ? wish
        : throw ImportErrors.Unreadable(
            $"It has {names.Count} interfaces and none is called {wish}, as this hub's. Before its set-up, the setting WireGuard:Interface chooses the one to take.");
}
