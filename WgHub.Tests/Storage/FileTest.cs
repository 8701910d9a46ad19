namespace WgHub.Storage;

/// <summary>A database with rows that can be counted, and what a killed process leaves of it.</summary>
public abstract class FileTest : IAsyncDisposable
{
    protected DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("wghub-files-");

    protected DirectoryInfo Killed { get; } = Directory.CreateTempSubdirectory("wghub-killed-");

    private protected DataDirectory Data => new(Folder.FullName);

    protected string Backup => Path.Combine(Folder.FullName, "backup");

    public ValueTask DisposeAsync()
    {
        Folder.Delete(recursive: true);
        Killed.Delete(recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected Database Open() => new(Data, TimeProvider.System);

    private protected async Task RunAsync(int first, int count)
    {
        using var database = Open();
        await AddAsync(database, first, count);
    }

    /// <summary>Adds rows and leaves what a process that is killed then leaves.</summary>
    private protected async Task KillAsync(int first, int count)
    {
        using (var database = Open())
        {
            await AddAsync(database, first, count);
            CopyAsKilled();
        }

        Restore(Killed);
    }

    private protected void CopyAsKilled()
    {
        foreach (var file in new[] { Data.DatabaseFile, Data.LogFile })
        {
            File.Copy(file, Path.Combine(Killed.FullName, Path.GetFileName(file)), overwrite: true);
        }
    }

    private protected void Restore(DirectoryInfo from)
    {
        foreach (var file in from.GetFiles())
        {
            file.CopyTo(Path.Combine(Folder.FullName, file.Name), overwrite: true);
        }
    }

    private protected static async Task AddAsync(Database database, int first, int count)
    {
        foreach (var chunk in Enumerable.Range(first, count).Chunk(200))
        {
            await database.WriteAsync(
                tx => tx.ExecuteEach(chunk, row => $"insert into meta (name, value) values ({$"row {row}"}, {new string('v', 1_000)})"), Cancel);
        }
    }

    private protected static long Count(Database database) => database.Read(tx => tx.Count($"select count(*) from meta where name like 'row %'"));

    private protected static string Integrity(Database database) =>
        database.Read(tx => tx.First($"pragma integrity_check", row => row.Text("integrity_check")))!;
}
