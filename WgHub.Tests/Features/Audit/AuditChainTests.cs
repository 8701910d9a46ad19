using Microsoft.Extensions.Logging;
using WgHub.Storage;

namespace WgHub.Features.Audit;

/// <summary>Whoever reaches into the database cannot change what was remembered without it being seen.</summary>
public sealed class AuditChainTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-audit-");
    private readonly Database _database;

    private static readonly AuditEvent Something = new("a", LogLevel.Information, SubjectKind.Unknown, "");

    public AuditChainTests() => _database = new(new(_folder.FullName), TimeProvider.System);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_untouched_log_is_whole_and_tells_its_head()
    {
        Assert.Equal(new(AuditLink.Beginning, null), Verify(null));
        await WriteAsync(5);

        var (head, fault) = Verify(null);

        Assert.Null(fault);
        Assert.Equal(5, head.Sequence);
        Assert.Equal(head, _database.Read(AuditChain.Head));
    }

    [Theory]
    [InlineData("update audit set actor = 'user:eve' where sequence = 3", "Entry 3 was changed, or the one before it.", 2)]
    [InlineData("update audit set at = at + 1 where sequence = 3", "Entry 3 was changed, or the one before it.", 2)]
    [InlineData("update audit set address = null where sequence = 3", "Entry 3 was changed, or the one before it.", 2)]
    [InlineData("update audit set subject = 's', detail = '{}' where sequence = 3", "Entry 3 was changed, or the one before it.", 2)]
    [InlineData("update audit set hash = null where sequence = 3", "Entry 3 was changed, or the one before it.", 2)]
    [InlineData("delete from audit where sequence = 3", "Entry 3 is missing.", 2)]
    [InlineData("delete from audit where sequence = 1", "Entry 1 is missing.", 0)]
    [InlineData("update audit set sequence = null where sequence = 3", "Entry 1 is missing.", 0)]
    public async Task What_was_changed_is_named(string change, string fault, long lastGood)
    {
        await WriteAsync(5);
        await _database.WriteAsync(db => db.Execute($"{new SqlPart(change)}"), Cancel);

        var verdict = Verify(null);

        Assert.Equal((fault, lastGood), (verdict.Fault, verdict.Head.Sequence));
    }

    [Fact]
    public async Task A_log_that_was_cut_does_not_hold_the_entry_told_before()
    {
        await WriteAsync(5);
        var told = _database.Read(AuditChain.Head);
        await _database.WriteAsync(db => db.Execute($"delete from audit where sequence > 3"), Cancel);
        await WriteAsync(4);

        Assert.Null(Verify(null).Fault);
        Assert.Equal($"The entry {told} is not there any more: the log was cut, or written anew.", Verify(told).Fault);
    }

    [Fact]
    public async Task Two_processes_write_one_chain()
    {
        using var other = new Database(new(_folder.FullName), TimeProvider.System);

        await Task.WhenAll(
            Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? WriteAsync(1) : other.WriteAsync(Actor.Cli, tx => tx.Audit(Something, Subject.None), Cancel)));

        var (head, fault) = Verify(null);
        Assert.Equal((60, null), (head.Sequence, fault));
    }

    [Fact]
    public async Task What_was_undone_leaves_no_gap()
    {
        await WriteAsync(1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _database.WriteAsync(
            tx =>
            {
                tx.Audit(Something, Subject.None);
                throw new InvalidOperationException();
            },
            Cancel));
        await WriteAsync(1);

        Assert.Equal(2, Verify(null).Head.Sequence);
    }

    [Fact]
    public async Task Entries_from_before_the_chain_are_shown_and_not_judged()
    {
        await _database.WriteAsync(
            db => db.Execute(
                $"insert into audit (id, installation_id, at, actor, event, detail, sequence) values ('0', {_database.InstallationId}, 1, 'cli', 'old', '{{}}', 1)"), Cancel);
        await WriteAsync(2);

        Assert.Equal((3, null), (Verify(null).Head.Sequence, Verify(null).Fault));
        Assert.Equal([3, 2, 1], new AuditLog(_database).All(new(null, null, null, null, null)).Select(line => line.Link.Sequence));
    }

    private AuditVerdict Verify(AuditLink? expected) => _database.Read(tx => AuditChain.Verify(tx, expected));

    private async Task WriteAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _database.WriteAsync(Actor.User("ada", "192.0.2.1"), tx => tx.Audit(Something, Subject.One("subject"), ("name", "ä → \"b\"")), Cancel);
        }
    }
}
