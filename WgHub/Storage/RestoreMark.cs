using System.Globalization;

namespace WgHub.Storage;

/// <summary>
/// Stands in a database that was restored, until the interface follows it: whom it does not know is to go, however many they are. Anywhere
/// else so many would mean that the database has lost them.
/// </summary>
internal static class RestoreMark
{
    private const string Name = "restored_at";

    public static void Set(Tx tx) => _ = tx.Execute(
        $"""
        insert into meta (name, value) values ({Name}, {tx.Now.ToString("O", CultureInfo.InvariantCulture)})
        on conflict (name) do update set value = excluded.value
        """);

    public static bool IsSet(Tx tx) => tx.Exists($"select value from meta where name = {Name}");

    public static void Clear(Tx tx) => _ = tx.Execute($"delete from meta where name = {Name}");
}
