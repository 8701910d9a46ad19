using WgHub.TestKit;

namespace WgHub.Storage;

public sealed class DatabaseTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-database-");
    private readonly Database _database;

    public DatabaseTests() => _database = new(new(_folder.FullName), TimeProvider.System);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_change_that_fails_is_undone_alone()
    {
        var changes = await TogetherAsync(number => db =>
        {
            Add(db, number);
            return number % 3 == 0 ? throw new InvalidOperationException($"no {number}") : number;
        });

        Assert.Equal(["1", "2", "4", "5", "7", "8"], Names());
        Assert.Equal("no 6", (await Assert.ThrowsAsync<InvalidOperationException>(() => changes[6])).Message);
        Assert.Equal(7, await changes[7]);
    }

    [Fact]
    public async Task A_change_that_breaks_a_rule_of_the_table_is_undone_alone()
    {
        var changes = await TogetherAsync(number => db => Add(db, number / 2));

        Assert.Equal(["0", "1", "2", "3", "4"], Names());
        Assert.Equal([false, true], new[] { changes[8].IsFaulted, changes[9].IsFaulted });
    }

    [Fact]
    public async Task Those_who_wait_together_become_visible_together()
    {
        var seen = await TogetherAsync(number => db =>
        {
            Add(db, number);
            return Names().Count; // another connection: it sees what is committed
        });

        Assert.All(await Task.WhenAll(seen), count => Assert.Equal(0, count));
        Assert.Equal(10, Names().Count);
    }

    [Fact]
    public async Task A_caller_who_gives_up_early_enough_changes_nothing()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => _database.WriteAsync(db => Add(db, 1), gone.Token));

        Assert.Empty(Names());
    }

    [Fact]
    public async Task What_waits_at_the_end_is_still_made_durable()
    {
        var data = new DataDirectory(_folder.CreateSubdirectory("other").FullName);
        Task<int>[] changes;
        using (var database = new Database(data, TimeProvider.System))
        {
            changes = [.. Enumerable.Range(0, 500).Select(number => database.WriteAsync(db => Add(db, number), Cancel))];
        }

        await Task.WhenAll(changes);
        using var again = new Database(data, TimeProvider.System);
        Assert.Equal(502, again.Read(db => db.Count($"select count(*) from meta where name <> 'log'"))); // and two ids
    }

    [Fact]
    public void A_value_is_never_SQL() =>
        Any.Holds(Any.Text, text => _database.Read(db => db.First($"select {text} as echo where {text} = {text}", row => row.Text("echo"))) == text);

    [Fact]
    public void A_joined_condition_keeps_its_values_and_its_brackets()
    {
        long Count(SqlPart condition) => _database.Read(db => db.Count($"select count(*) from meta where {condition}"));

        Assert.Equal(2, Count(SqlPart.Of($"{1} = 1").And($"{0} = 1 or {2} = 2")));
        Assert.Equal(0, Count(SqlPart.Of($"{0} = 1").And($"{0} = 1 or {2} = 2"))); // without brackets the last would win
    }

    /// <summary>Hands in ten changes while the writer is busy, so that they share a commit, and waits for all.</summary>
    private async Task<Task<int>[]> TogetherAsync(Func<int, Func<Tx, int>> change)
    {
        using ManualResetEventSlim begun = new(), handedIn = new();
        var first = _database.WriteAsync(
            _ =>
            {
                begun.Set();
                handedIn.Wait(Cancel);
            },
            Cancel);
        begun.Wait(Cancel); // or some of the others would be of its group
        Task<int>[] changes = [.. Enumerable.Range(0, 10).Select(number => _database.WriteAsync(change(number), Cancel))];
        handedIn.Set();
        await first;
        await Task.WhenAny(Task.WhenAll(changes));
        return changes;
    }

    private static int Add(Tx db, int number) => db.Execute($"insert into meta (name, value) values ({$"{number}"}, '')");

    private List<string> Names() =>
        _database.Read(db => db.Query($"select name from meta where name not in ('hub_id', 'installation_id', 'log') order by name", row => row.Text("name")));
}
