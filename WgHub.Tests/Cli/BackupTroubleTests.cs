using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary><c>wghub backup</c> and <c>restore</c> where something is wrong.</summary>
public sealed class BackupTroubleTests : BackupTest
{
    [Theory]
    [InlineData("nothing says for whom", 64, "for whom?", "backup", "FILE")]
    [InlineData("nowhere", 64, "where to?", "backup")]
    [InlineData("no key", 64, "no public key of age's", "backup", "FILE", "-r", "age1xyz")]
    [InlineData("a short passphrase", 64, "shorter than 12", "backup", "FILE", "--passphrase-file", "SHORT")]
    [InlineData("a passphrase for all to read", 64, "chmod 600", "backup", "FILE", "--passphrase-file", "OPEN")]
    [InlineData("both", 64, "not both", "backup", "FILE", "-r", "RECIPIENT", "--passphrase-file", "GOOD")]
    [InlineData("a folder that is not there", 1, "there is no such folder", "backup", "/nowhere/FILE", "-r", "RECIPIENT")]
    [InlineData("a folder", 64, "is no file", "backup", "FOLDER", "-r", "RECIPIENT")]
    [InlineData("a device", 64, "is no file", "backup", "/dev/null", "-r", "RECIPIENT")]
    [InlineData("nothing opens it", 64, "What opens the backup?", "backup", "verify", "FILE")]
    [InlineData("no such backup", 64, "hub.age", "backup", "verify", "FILE", "--passphrase-file", "GOOD")]
    [InlineData("nothing opens it", 64, "What opens the backup?", "restore", "FILE")]
    [InlineData("an identity that is none", 64, "holds no secret key", "restore", "FILE", "-i", "GOOD")]
    public async Task What_cannot_be_is_told_in_a_sentence(string what, int code, string sentence, params string[] words)
    {
        await TokenAsync("first");
        string Word(string word) => word switch
        {
            "FILE" => Backup,
            "FOLDER" => Elsewhere.FullName,
            "RECIPIENT" => $"{Owner.Recipient}",
            "GOOD" => PassphraseFile(),
            "SHORT" => PassphraseFile("short"),
            "OPEN" => PassphraseFile(mode: UnixFileMode.UserRead | UnixFileMode.OtherRead),
            _ => word,
        };

        var before = Names(Hub, "master.key");

        var said = await Hub.RunAsync([.. words.Select(Word)]);

        Assert.True(said.ExitCode == code && said.Error.Contains(sentence, StringComparison.Ordinal), $"{what}: {said.ExitCode} {said.Error}");
        Assert.False(File.Exists(Backup));
        Assert.Equal(before, Names(Hub, "master.key"));
    }

    [Fact]
    public async Task On_a_full_disk_nothing_is_left_of_it_and_the_one_before_stays()
    {
        await TokenAsync("first");
        await using var disk = await SmallDisk.MountAsync(1);
        var file = Path.Combine(disk.Folder.FullName, "hub.age");
        (await Hub.RunAsync("backup", file, "-r", $"{Owner.Recipient}")).OrThrow();
        var before = await File.ReadAllBytesAsync(file, Cancel);
        disk.Fill();

        var refused = await Hub.RunAsync("backup", file, "-r", $"{Owner.Recipient}");

        Assert.Equal((1, "wghub: The backup could not be written: the disk is full.\n"), (refused.ExitCode, refused.Error));
        Assert.Equal(before, await File.ReadAllBytesAsync(file, Cancel));
        Assert.Equal(2, disk.Folder.GetFiles().Length);
        disk.Free();
        (await Hub.RunAsync("backup", file, "-r", $"{Owner.Recipient}")).OrThrow();
    }

    [Fact]
    public async Task A_restore_on_a_full_disk_changes_nothing()
    {
        await using var disk = await SmallDisk.MountAsync(3);
        using var small = new Wghub(Directory.CreateDirectory(Path.Combine(disk.Folder.FullName, "data")));
        (await small.RunAsync("api-token", "create", "--name", "first", "--role", "viewer")).OrThrow();
        (await small.RunAsync("backup", Backup, "--passphrase-file", PassphraseFile())).OrThrow();
        disk.Fill();

        var refused = await small.RunAsync("restore", Backup, "--yes", "--passphrase-file", PassphraseFile());

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("disk is full", refused.Error, StringComparison.Ordinal);
        disk.Free();
        Assert.Contains("first", (await small.RunAsync("api-token", "list")).OrThrow(), StringComparison.Ordinal);
        Assert.DoesNotContain(Names(small), name => name.StartsWith("restore-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Interrupted_it_puts_away_what_it_has_taken_apart()
    {
        await TokenAsync("first");
        (await MakeAsync()).OrThrow();
        var scratch = Elsewhere.CreateSubdirectory("scratch");

        // The rest of the backup is slow to come.
        var said = await Shell.RunAsync(
            [
                "sh", "-c",
                $$"""
                { head -c 400 {{Backup}}; sleep 4; } | TMPDIR={{scratch.FullName}} {{Binary}} backup verify - --passphrase-file {{PassphraseFile()}} & pid=$!
                sleep 2
                ls {{scratch.FullName}} | grep wghub-verify-
                kill -TERM $pid
                wait $pid
                """,
            ],
            Cancel);

        Assert.NotEqual(0, said.ExitCode);
        Assert.StartsWith("wghub-verify-", said.Output, StringComparison.Ordinal);
        Assert.Empty(scratch.GetFileSystemInfos("wghub-verify-*"));
    }

    [Fact]
    public async Task A_link_goes_on_leading_where_it_led()
    {
        await TokenAsync("first");
        var link = Path.Combine(Elsewhere.FullName, "link");
        File.CreateSymbolicLink(link, Backup);
        await File.WriteAllTextAsync(Backup, "the one before", Cancel);

        (await Hub.RunAsync("backup", link, "-r", $"{Owner.Recipient}")).OrThrow();

        Assert.Equal(Backup, new FileInfo(link).LinkTarget);
        Assert.StartsWith("age-encryption.org", await File.ReadAllTextAsync(Backup, Cancel), StringComparison.Ordinal);
    }

    /// <summary>Root makes it, into a folder of root's; what is beside the database stays the hub's.</summary>
    [Fact]
    public async Task Roots_backup_of_a_hub_with_a_user_of_its_own_leaves_nothing_of_roots()
    {
        (await Shell.RunAsync(["chown", "nobody:nogroup", Hub.Data.FullName], Cancel)).OrThrow();
        await TokenAsync("first");
        (await MakeAsync()).OrThrow();
        (await RestoreAsync("--yes")).OrThrow();

        var owners = (await Shell.RunAsync(["find", Hub.Data.FullName, "-printf", "%u %f\n"], Cancel)).OrThrow().TrimEnd('\n').Split('\n');

        Assert.All(owners, line => Assert.StartsWith("nobody ", line, StringComparison.Ordinal));
    }
}
