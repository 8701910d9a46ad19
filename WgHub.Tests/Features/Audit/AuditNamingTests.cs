using Microsoft.Extensions.Logging.Abstractions;
using WgHub.Storage;

namespace WgHub.Features.Audit;

/// <summary>A log of an earlier version is found by names too, and stays as it was written.</summary>
public sealed class AuditNamingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-naming-");
    private readonly Database _database;

    public AuditNamingTests() => _database = new(new(_folder.FullName), TimeProvider.System);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Names_are_read_out_of_older_entries_once_and_the_newest_counts()
    {
        await WriteAsync(AuditEvents.SpokeChanged, "s", ("name", "a → b"));
        for (var i = 0; i < 700; i++)
        {
            await WriteAsync(AuditEvents.SpokeChanged, "other", ("enabled", "true"));
        }

        await WriteAsync(AuditEvents.SpokeChanged, "s", ("name", "b → ä"));
        await WriteAsync(AuditEvents.UserChanged, "u", ("name", "new"), ("nameBefore", "old"));
        var head = _database.Read(AuditChain.Head);
        await _database.WriteAsync(
            tx =>
            {
                tx.Execute($"delete from audit_names");
                tx.Execute($"insert into audit_naming (installation_id, sequence) values ({tx.InstallationId}, {head.Sequence})");
            },
            Cancel);
        Assert.Equal(0, Found("a"));

        using var naming = new AuditNaming(_database, new(_database), TimeProvider.System, NullLogger<AuditNaming>.Instance);
        await naming.RunOnceAsync(Cancel);

        Assert.Equal([2, 2, 2, 1, 1, 0], new[] { "a", "B", "Ä", "old", "new", "c" }.Select(Found));
        Assert.Equal("ä", _database.Read(tx => AuditNames.LastOf(tx, "s")));
        Assert.Equal((head, null), _database.Read(tx => AuditChain.Verify(tx, head)) is var (last, fault) ? (last, fault) : default);
    }

    private long Found(string name) => new AuditLog(_database).List(AuditQuery.About(name), new(1, 1)).Total;

    private Task WriteAsync(AuditEvent @event, string id, params (string, string?)[] facts) =>
        _database.WriteAsync(Actor.Cli, tx => tx.Audit(@event, Subject.One(id), facts), Cancel);
}
