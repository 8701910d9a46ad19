using System.Security.Cryptography;
using WgHub.Features.Backup.Age;
using WgHub.Storage;
using WgHub.TestKit;

namespace WgHub.Features.Backup;

/// <summary>What a backup must be to be read: whole, ours, and nothing besides.</summary>
public sealed class BackupArchiveTests : IDisposable
{
    private static readonly AgeX25519Identity Owner = AgeX25519Identity.Make();

    /// <summary>Writes a manifest that names the files given.</summary>
    private const string Of =
        """
        of() {
            files=
            for name; do files="$files${files:+,}{\"name\":\"$name\",\"size\":0,\"sha256\":\"x\"}"; done
            printf '{"format":1,"version":"1","madeAt":"2026-01-01T00:00:00Z","installation":"x","schema":1,"spokes":0,"files":[%s]}' "$files" >manifest.json
        }

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-backup-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task It_is_refused_wherever_it_was_cut()
    {
        var file = await MakeAsync();
        var whole = await File.ReadAllBytesAsync(file, Cancel);
        Assert.Equal(0, (await ReadAsync(whole)).Spokes);

        var points = Enumerable.Range(0, 100).Select(_ => RandomNumberGenerator.GetInt32(whole.Length)).Append(whole.Length - 1).Append(0);
        foreach (var point in points)
        {
            await Assert.ThrowsAsync<StorageException>(() => ReadAsync(whole[..point]));
        }
    }

    [Fact]
    public async Task It_opens_by_hand_and_holds_what_a_bare_machine_needs()
    {
        var file = await MakeAsync();
        var key = Path.Combine(_folder.FullName, "key");
        await File.WriteAllTextAsync(key, Owner.Reveal() + "\n", Cancel);

        var names = (await Shell.RunAsync(["sh", "-c", $"age -d -i {key} {file} | zstd -d | tar -t"], Cancel)).OrThrow();

        Assert.Equal("manifest.json\nmaster.key\nwghub.db\nwghub.json\n", names);
    }

    [Theory]
    [InlineData("a name that leads out of the folder", "of ../evil; echo x >evil; tar -c manifest.json evil")]
    [InlineData("a link in the place of the database", "of wghub.db master.key; ln -s /etc/passwd wghub.db; tar -c manifest.json wghub.db")]
    [InlineData("a manifest that is none", "echo hello >manifest.json; tar -c manifest.json")]
    [InlineData("no manifest", "echo hello >wghub.db; tar -c wghub.db")]
    [InlineData("a manifest that says null", "printf null >manifest.json; tar -c manifest.json")]
    [InlineData("a manifest without files", "printf '{\"format\":1}' >manifest.json; tar -c manifest.json")]
    [InlineData("no archive", "echo hello")]
    [InlineData("nothing", "true")]
    public async Task What_somebody_else_has_encrypted_for_us_is_refused(string what, string make)
    {
        var file = Path.Combine(_folder.FullName, "other.age");
        (await Shell.RunAsync(["sh", "-c", $"{Of} cd {_folder.FullName}; {{ {make}; }} | zstd -q | age -r {Owner.Recipient} -o {file}"], Cancel)).OrThrow();

        var refused = await Assert.ThrowsAsync<StorageException>(async () => await ReadAsync(await File.ReadAllBytesAsync(file, Cancel)));

        Assert.True(refused.Message.Contains("no backup of WgHub", StringComparison.Ordinal), $"{what}: {refused.Message}");
        Assert.False(File.Exists(Path.Combine(Path.GetTempPath(), "evil")));
    }

    [Fact]
    public async Task Another_passphrase_another_identity_and_no_file_of_age_are_told_apart()
    {
        var whole = await File.ReadAllBytesAsync(await MakeAsync(), Cancel);
        Assert.Equal("The backup is not for this identity.", await RefusalAsync(whole, AgeX25519Identity.Make()));
        Assert.StartsWith("The passphrase does not open", await RefusalAsync(whole, new AgePassphrase("twelve letters").Identity), StringComparison.Ordinal);
        Assert.StartsWith("This is no backup", await RefusalAsync([1, 2, 3], Owner), StringComparison.Ordinal);
        Assert.StartsWith("This is no backup", await RefusalAsync(new byte[200_000], Owner), StringComparison.Ordinal);
    }

    private static async Task<string> RefusalAsync(byte[] file, AgeIdentity identity) =>
        (await Assert.ThrowsAsync<StorageException>(() => ReadAsync(file, identity))).Message;

    private static Task<BackupManifest> ReadAsync(byte[] file) => ReadAsync(file, Owner);

    private static async Task<BackupManifest> ReadAsync(byte[] file, AgeIdentity identity)
    {
        var scratch = Directory.CreateTempSubdirectory("wghub-scratch-");
        try
        {
            return await BackupReader.ReadAsync(new MemoryStream(file), identity, new(scratch.FullName), TimeProvider.System, null, Cancel);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private async Task<string> MakeAsync()
    {
        var data = new DataDirectory(Directory.CreateDirectory(Path.Combine(_folder.FullName, "data")).FullName);
        await File.WriteAllTextAsync(data.SettingsFile, "{}", Cancel);
        using var database = new Database(data, TimeProvider.System);
        using var key = DatabaseKey.OpenByFile(data, database);
        var file = Path.Combine(_folder.FullName, "backup.age");
        new BackupMaker(data, database, key, TimeProvider.System).MakeFile(file, [Owner.Recipient], data.SettingsFile, Cancel);
        return file;
    }
}
