namespace WgHub.Features.Backup;

/// <summary>What a backup is of: <c>manifest.json</c>, the first file in it.</summary>
/// <param name="Format">1.</param>
/// <param name="Version">Of the wghub that made it.</param>
/// <param name="Installation">Id of the installation.</param>
/// <param name="Schema">Number of the database's schema: a wghub that knows as many can read it.</param>
/// <param name="Files">All others in it, in their order.</param>
internal sealed record BackupManifest(
    int Format, string Version, DateTimeOffset MadeAt, string Installation, long Schema, long Spokes, IReadOnlyList<BackupPart> Files)
{
    public const int NewestFormat = 1;
}

/// <param name="Size">In bytes.</param>
/// <param name="Sha256">In hexadecimal digits.</param>
internal sealed record BackupPart(string Name, long Size, string Sha256);

/// <param name="Size">Of the file, in bytes.</param>
/// <param name="Sha256">Of the file as it lies on the disk, in hexadecimal digits.</param>
internal sealed record BackupMade(BackupManifest Manifest, long Size, string Sha256);
