using System.Buffers;
using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using WgHub.Features.Backup.Age;
using WgHub.Hosting;
using ZstdSharp;

namespace WgHub.Features.Backup;

/// <summary>
/// The file that a backup is: <c>age -d FILE | zstd -d | tar -x</c> opens it by hand. A manifest first, and then the files that it names.
/// </summary>
internal static class BackupArchive
{
    public const string Database = "wghub.db";
    public const string MasterKey = "master.key";
    public const string Settings = "wghub.json";

    private const string Manifest = "manifest.json";
    private const int ManifestLimit = 64 * 1024; // bytes
    private const int Level = 3;                 // of zstd: more takes longer and saves little

    private static readonly string[] Known = [Database, MasterKey, Settings];

    /// <param name="folder">Where the files lie that the manifest names.</param>
    public static void Write(Stream to, IReadOnlyList<AgeRecipient> recipients, BackupManifest manifest, string folder, CancellationToken cancellationToken)
    {
        using var age = new AgeWriter(to, recipients);
        using (var zstd = new CompressionStream(age, Level))
        using (var tar = new TarWriter(zstd, TarEntryFormat.Ustar))
        {
            using var json = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest));
            Add(tar, Manifest, manifest.MadeAt, json);
            foreach (var part in manifest.Files)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var file = File.OpenRead(Path.Combine(folder, part.Name));
                Add(tar, part.Name, manifest.MadeAt, file);
            }
        }

        age.Complete();
    }

    /// <summary>Takes a backup apart into a folder. When it throws, what lies there is nothing.</summary>
    /// <exception cref="InvalidDataException">Damaged, cut off, or no backup.</exception>
    public static BackupManifest Extract(AgeReader age, string folder, CancellationToken cancellationToken)
    {
        try
        {
            using var zstd = new DecompressionStream(age);
            using var tar = new TarReader(zstd, leaveOpen: true);
            var manifest = ReadManifest(tar);
            foreach (var part in manifest.Files)
            {
                Extract(tar, part, folder, cancellationToken);
            }

            return tar.GetNextEntry() is null && IsAtEnd(zstd) && age.ReadByte() < 0 ? manifest : throw NoBackup();
        }
        catch (Exception exception) when (exception is ZstdException or EndOfStreamException or FormatException or JsonException)
        {
            throw new InvalidDataException(NoBackup().Message, exception);
        }
    }

    private static void Add(TarWriter tar, string name, DateTimeOffset madeAt, Stream content) => tar.WriteEntry(
        new UstarTarEntry(TarEntryType.RegularFile, name)
        {
            Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            ModificationTime = madeAt,
            DataStream = content,
        });

    private static BackupManifest ReadManifest(TarReader tar)
    {
        if (tar.GetNextEntry() is not { Name: Manifest, DataStream: { } content, Length: <= ManifestLimit })
        {
            throw NoBackup();
        }

        var manifest = JsonSerializer.Deserialize(content, BackupJson.Default.BackupManifest) ?? throw NoBackup();
        if (manifest.Format > BackupManifest.NewestFormat)
        {
            throw new InvalidDataException($"The backup is of format {manifest.Format}, made by wghub {manifest.Version}: a newer wghub reads it.");
        }

        // Nothing in JSON says that a member is there.
        var names = manifest.Files?.Select(part => part?.Name).ToList() ?? [];
        return manifest is { Format: >= 1, Version: not null, Installation: not null } && names.Distinct().Count() == names.Count
            && names.All(Known.Contains) && names.Contains(Database) && names.Contains(MasterKey)
            ? manifest
            : throw NoBackup();
    }

    /// <summary>Its name is one of ours, never a path of the archive's own.</summary>
    private static void Extract(TarReader tar, BackupPart part, string folder, CancellationToken cancellationToken)
    {
        if (tar.GetNextEntry() is not { EntryType: TarEntryType.RegularFile or TarEntryType.V7RegularFile, DataStream: { } content } entry
            || entry.Name != part.Name || entry.Length != part.Size)
        {
            throw NoBackup();
        }

        using var file = PrivateFiles.Create(Path.Combine(folder, part.Name));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (content.Read(buffer) is > 0 and var count)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, count);
                file.Write(buffer, 0, count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (!Convert.ToHexStringLower(hash.GetCurrentHash()).Equals(part.Sha256, StringComparison.Ordinal))
        {
            throw NoBackup();
        }
    }

    private static bool IsAtEnd(Stream stream)
    {
        var rest = new byte[16 * 1024];
        int count;
        while ((count = stream.Read(rest)) > 0)
        {
            if (rest.AsSpan(0, count).ContainsAnyExcept((byte)0)) // an archive is padded with zeros
            {
                return false;
            }
        }

        return true;
    }

    private static InvalidDataException NoBackup() => new("The file opens, but what is in it is no backup of WgHub, or a damaged one.");
}
