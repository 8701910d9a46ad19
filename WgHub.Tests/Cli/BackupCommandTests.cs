using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary><c>wghub backup</c> and <c>restore</c>, as somebody types them.</summary>
public sealed class BackupCommandTests : BackupTest
{
    [Fact]
    public async Task Onto_a_bare_machine_it_comes_back_with_all_that_it_had()
    {
        await TokenAsync("first");
        await File.WriteAllTextAsync(Path.Combine(Hub.Data.FullName, "wghub.json"), """{ "Log": { "Level": "Warning" } }""", Cancel);
        await KeyAsync();
        var said = (await Hub.RunAsync("backup", Backup, "-r", $"{Owner.Recipient}")).OrThrow();
        Assert.Matches($@"^{Regex.Escape(Backup)}: {new FileInfo(Backup).Length} bytes, sha256 [0-9a-f]{{64}}, 0 spokes\n$", said);
        var digest = (await Shell.RunAsync(["sha256sum", Backup], Cancel)).OrThrow()[..64];
        Assert.Contains(digest, said, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Backup));
        Assert.StartsWith("Whole: a backup of ", (await Hub.RunAsync("backup", "verify", Backup, "-i", KeyFile)).OrThrow(), StringComparison.Ordinal);

        using var bare = new Wghub();
        Assert.Contains("Restored a backup of ", (await bare.RunAsync("restore", Backup, "-i", KeyFile)).OrThrow(), StringComparison.Ordinal);

        Assert.Contains("first", (await bare.RunAsync("api-token", "list")).OrThrow(), StringComparison.Ordinal);
        Assert.Equal(await KeyOf(Hub), await KeyOf(bare));
        Assert.Contains("Warning", await File.ReadAllTextAsync(Path.Combine(bare.Data.FullName, "wghub.json"), Cancel), StringComparison.Ordinal);
        (await bare.RunAsync("audit", "verify")).OrThrow();
        Assert.Equal(["master.key", "wghub.db", "wghub.json", "wghub.lock"], Names(bare, "wghub.db-"));
    }

    [Fact]
    public async Task Over_what_is_there_it_asks_and_puts_that_aside()
    {
        await TokenAsync("first");
        await MakeAsync();
        await TokenAsync("second");

        var refused = await RestoreAsync();
        Assert.Equal(1, refused.ExitCode);
        Assert.Matches("there is a hub with 0 spokes. With --yes it is put aside", refused.Error);
        Assert.Contains("second", await TokensAsync(), StringComparison.Ordinal);

        var said = (await RestoreAsync("--yes")).OrThrow();
        var tokens = await TokensAsync();
        Assert.Contains("first", tokens, StringComparison.Ordinal);
        Assert.DoesNotContain("second", tokens, StringComparison.Ordinal);

        var former = new Wghub(new(Regex.Match(said, @"What was there is in (\S+);").Groups[1].Value));
        Assert.Contains("second", (await former.RunAsync("api-token", "list")).OrThrow(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_hub_is_restored_over_too()
    {
        await TokenAsync("first");
        await MakeAsync();
        await File.WriteAllTextAsync(Path.Combine(Hub.Data.FullName, "wghub.db"), "rubbish", Cancel);

        Assert.Contains("cannot be read", (await RestoreAsync()).Error, StringComparison.Ordinal);
        (await RestoreAsync("--yes")).OrThrow();

        Assert.Contains("first", await TokensAsync(), StringComparison.Ordinal);
    }

    /// <summary>At any moment: it is the old or the new.</summary>
    [Fact]
    public async Task Killed_at_any_moment_it_is_the_old_or_the_new()
    {
        await TokenAsync("first");
        await MakeAsync();
        var seen = new HashSet<string>();
        for (var round = 0; round < 16; round++)
        {
            await TokenAsync("later");
            await Shell.RunAsync(
                [
                    "timeout", "-s", "KILL", $"0.{150 + (round * 25)}", Binary, "restore", Backup, "--yes",
                    "--passphrase-file", PassphraseFile(), "--data", Hub.Data.FullName,
                ],
                Cancel);

            var tokens = await TokensAsync();
            Assert.Contains("first", tokens, StringComparison.Ordinal);
            (await Hub.RunAsync("audit", "verify")).OrThrow();
            Assert.DoesNotContain(Names(Hub), name => name.StartsWith("restore-ready", StringComparison.Ordinal));
            seen.Add(tokens.Contains("later", StringComparison.Ordinal) ? "old" : "new");
        }

        (await RestoreAsync("--yes")).OrThrow();
        Assert.DoesNotContain("later", await TokensAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(Names(Hub), name => name.StartsWith("restore-", StringComparison.Ordinal));
        Assert.NotEmpty(seen);
    }

    [Fact]
    public async Task While_a_hub_runs_a_backup_is_made_and_a_restore_is_refused()
    {
        await TokenAsync("first");
        await using var hub = await RunningHub.StartAsync(Hub, "wgtbackup");

        (await MakeAsync()).OrThrow();
        var refused = await RestoreAsync("--yes");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("A hub runs on this data directory already", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_a_pipe_it_is_the_same()
    {
        await TokenAsync("first");
        var piped = await Shell.RunAsync(
            [
                "sh", "-c",
                $"{Binary} backup - -r {Owner.Recipient} --data {Hub.Data.FullName} >{Backup} && {Binary} backup verify - -i {await KeyAsync()} <{Backup}",
            ],
            Cancel);

        Assert.StartsWith("Whole: ", piped.OrThrow(), StringComparison.Ordinal);
        Assert.Matches("-: [0-9]+ bytes, sha256 ", piped.Error);
    }

    [Fact]
    public async Task The_settings_say_whom_it_is_for()
    {
        await TokenAsync("first");
        await File.WriteAllTextAsync(Path.Combine(Hub.Data.FullName, "wghub.json"), $$"""{ "Backup": { "Recipient": "{{Owner.Recipient}}" } }""", Cancel);

        (await Hub.RunAsync("backup", Backup)).OrThrow();

        (await Hub.RunAsync("backup", "verify", Backup, "-i", await KeyAsync())).OrThrow();
    }
}
