using Microsoft.Data.Sqlite;
using WgHub.Storage;

namespace WgHub.Cli;

public sealed class AuditCommandTests : IDisposable
{
    private readonly Wghub _wghub = new();

    public void Dispose() => _wghub.Dispose();

    [Fact]
    public async Task The_head_is_printed_and_found_again_later()
    {
        await MakeTokenAsync();
        var head = (await _wghub.RunAsync("audit", "verify")).OrThrow().Trim();
        await MakeTokenAsync();

        Assert.StartsWith("1:", head, StringComparison.Ordinal);
        Assert.StartsWith("2:", (await _wghub.RunAsync("audit", "verify", "--expect", head)).OrThrow(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_reads_how_much_of_it_is_unbroken_and_from_when_to_when()
    {
        await MakeTokenAsync();
        await MakeTokenAsync();

        var told = await _wghub.RunAsync("audit", "verify");

        Assert.Matches(
            $@"^wghub: the audit log is unbroken: 2 entries, from [-0-9]+ [:0-9]+ UTC to [-0-9]+ [:0-9]+ UTC\. The last hash is {told.Output.Trim()[2..]}\.\n$",
            told.Error);
    }

    [Fact]
    public async Task A_changed_log_ends_with_1_and_says_where()
    {
        await MakeTokenAsync();
        await MakeTokenAsync();
        using (var db = Connections.Open(Path.Combine(_wghub.Data.FullName, "wghub.db"), SqliteOpenMode.ReadWrite))
        {
            db.Execute($"update audit set detail = '{{}}' where sequence = 1");
        }

        var told = await _wghub.RunAsync("audit", "verify");

        Assert.Equal((1, "wghub: the audit log is not as it was written. Entry 1 was changed, or the one before it.\n"), (told.ExitCode, told.Error));
    }

    [Fact]
    public async Task What_is_no_entry_is_a_wrong_option() =>
        Assert.Equal(64, (await _wghub.RunAsync("audit", "verify", "--expect", "5")).ExitCode);

    private async Task MakeTokenAsync() => (await _wghub.RunAsync("api-token", "create", "--name", "x", "--role", "viewer")).OrThrow();
}
