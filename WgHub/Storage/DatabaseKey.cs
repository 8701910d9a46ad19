using Microsoft.Data.Sqlite;
using WgHub.Hosting;

namespace WgHub.Storage;

/// <summary>
/// The master key of a database. The database holds a text that only its key opens: a wrong key is told at the start, and nothing is
/// ever sealed under it.
/// </summary>
internal static class DatabaseKey
{
    private const string CheckName = "master_key_check";

    /// <summary>Which identities the texts are sealed to. Not told: those of <see cref="SealedColumns.Moved"/>; 2: today's.</summary>
    private const string IdentitiesName = "sealed_identities";

    /// <summary>Finds the key that opens the database; for a new database without one from outside it is made.</summary>
    /// <exception cref="InvalidDataException">What should be a key is none, or its file can be read or changed by others.</exception>
    /// <exception cref="StorageException">There is no key that opens this database.</exception>
    public static MasterKey Open(DataDirectory data, Database database) => Open(data, database, MasterKey.FromOutside());

    /// <summary>As the other, by what lies in the directory alone.</summary>
    /// <inheritdoc cref="Open(DataDirectory, Database)"/>
    public static MasterKey OpenByFile(DataDirectory data, Database database) => Open(data, database, null);

    /// <summary>True before the first start of a hub, which makes a key or remembers the one that it is given.</summary>
    public static bool IsDue(Tx tx) => !tx.Exists($"select value from meta where name = {CheckName}");

    /// <summary>As the first, for one that only looks: nothing is made or remembered.</summary>
    /// <inheritdoc cref="Open(DataDirectory, Database)"/>
    public static MasterKey OpenToLook(DataDirectory data, Database database)
    {
        var check = database.Read(tx => tx.First($"select value from meta where name = {CheckName}", row => row.Text("value")));
        var key = MasterKey.FromOutside() ?? FromFiles(data, isNew: false).FirstOrDefault(key => Opens(key, check, database));
        return key is not null && Opens(key, check, database) ? key
            : throw new StorageException($"The master key does not open this database, or is not known here. {LookedAt(data)}");
    }

    private static MasterKey Open(DataDirectory data, Database database, MasterKey? outside)
    {
        var check = database.Read(tx => tx.First($"select value from meta where name = {CheckName}", row => row.Text("value")));
        var key = outside ?? FromFiles(data, isNew: check is null).FirstOrDefault(key => Opens(key, check, database));
        if (key is null || !Opens(key, check, database))
        {
            key?.Dispose();
            throw new StorageException($"The master key does not open this database. Give the one that was used at its set-up. {LookedAt(data)}");
        }

        if (check is null)
        {
            RememberFirst(data, key);
        }

        if (!database.Read(HasTodaysIdentities))
        {
            SealAnew(data, database, key);
        }

        return key;
    }

    /// <summary>True when this is the key of the database that is read, such as a copy's.</summary>
    public static bool Fits(Tx tx, MasterKey key) =>
        tx.First($"select value from meta where name = {CheckName}", row => row.Text("value")) is not { } check || key.Opens(check, CheckName);

    /// <summary>Puts every secret under another key, inside the caller's transaction.</summary>
    /// <returns>Number of secrets.</returns>
    /// <exception cref="StorageException">A secret does not open.</exception>
    public static int Exchange(Tx tx, MasterKey from, MasterKey to)
    {
        tx.Execute($"update meta set value = {CheckOf(to)} where name = {CheckName}");
        return SealedColumns.All.Sum(column => column.Reseal(tx, column, from, to));
    }

    /// <summary>
    /// Ends an exchange, also one that was cut short: a key that is found in the file of the next one takes its place. For the holder of the
    /// <see cref="DataLock"/>.
    /// </summary>
    public static void Settle(DataDirectory data, MasterKey key)
    {
        if (key.Source == data.NextMasterKeyFile)
        {
            File.Move(data.NextMasterKeyFile, data.MasterKeyFile, overwrite: true);
            PrivateFiles.SyncFolderOf(data.MasterKeyFile);
        }
    }

    /// <summary>Writes the file anew: SQLite leaves old texts, which the old key opens, in space that it calls free.</summary>
    /// <exception cref="StorageException">SQLite refused.</exception>
    public static void WipeOldTexts(DataDirectory data) => OnConnection(data, db =>
    {
        db.Execute($"vacuum");
        db.Execute($"pragma wal_checkpoint(truncate)");
    });

    /// <summary>The first of the places counts: a variable that somebody has left set hides a good file.</summary>
    private static string LookedAt(DataDirectory data)
    {
        var outside = MasterKey.FromOutside();
        outside?.Dispose();
        return outside is { Source: var source }
            ? $"It was taken from {source}, which goes before {data.MasterKeyFile}."
            : $"Looked for in {MasterKey.Credential} (none), {MasterKey.Variable} (not set) and {data.MasterKeyFile} "
                + (File.Exists(data.MasterKeyFile) ? "(another database's)." : "(not there).");
    }

    private static IEnumerable<MasterKey> FromFiles(DataDirectory data, bool isNew)
    {
        if (isNew && !File.Exists(data.MasterKeyFile))
        {
            MasterKey.Make(data.MasterKeyFile);
        }

        foreach (var file in new[] { data.MasterKeyFile, data.NextMasterKeyFile }.Where(File.Exists))
        {
            yield return MasterKey.FromFile(file);
        }
    }

    /// <summary>A database from before the check is asked for its secrets themselves.</summary>
    private static bool Opens(MasterKey key, string? check, Database database) =>
        check is null ? database.Read(tx => Sealed(tx).All(column => column.IsOpenedBy(tx, key))) : key.Opens(check, CheckName);

    private static void RememberFirst(DataDirectory data, MasterKey key) => OnConnection(data, db =>
        db.Execute($"insert into meta (name, value) values ({CheckName}, {CheckOf(key)}) on conflict (name) do nothing"));

    private static bool HasTodaysIdentities(Tx tx) => tx.Exists($"select value from meta where name = {IdentitiesName}");

    /// <summary>The columns as their texts are sealed in this database.</summary>
    private static IEnumerable<SealedColumn> Sealed(Tx tx) => HasTodaysIdentities(tx) ? SealedColumns.All : SealedColumns.AllBefore;

    /// <summary>All or none, and once: of two processes the second finds it done.</summary>
    private static void SealAnew(DataDirectory data, Database database, MasterKey key) => OnConnection(data, connection =>
        connection.InTransaction(() =>
        {
            if (connection.Execute($"insert into meta (name, value) values ({IdentitiesName}, '2') on conflict (name) do nothing") == 1)
            {
                var tx = new Tx(connection, database.InstallationId, database.OwnHub, DateTimeOffset.MinValue, Actor.System);
                foreach (var (now, before) in SealedColumns.Moved)
                {
                    now.Reseal(tx, before, key, key);
                }
            }
        }));

    private static string CheckOf(MasterKey key) => key.Seal("", CheckName);

    /// <summary>A connection of its own: the database's writer is for changes that come while it serves.</summary>
    private static void OnConnection(DataDirectory data, Action<SqliteConnection> work)
    {
        try
        {
            using var connection = Connections.Open(data.DatabaseFile, SqliteOpenMode.ReadWrite);
            work(connection);
        }
        catch (SqliteException exception)
        {
            throw StorageException.From(exception);
        }
    }
}
