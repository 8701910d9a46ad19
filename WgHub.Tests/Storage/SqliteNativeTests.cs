using Microsoft.Data.Sqlite;

namespace WgHub.Storage;

public sealed class SqliteNativeTests
{
    [Fact]
    public void The_SQLite_of_the_build_is_loaded_and_not_the_one_of_the_machine()
    {
        SqliteNative.Load();
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();

        using var command = connection.CreateCommand();
        command.CommandText = "select \"text\""; // a string to others, an unknown column with our SQLITE_DQS=0

        Assert.Equal("3.53.4", connection.ServerVersion);
        Assert.Contains("no such column", Assert.Throws<SqliteException>(command.ExecuteScalar).Message, StringComparison.Ordinal);
    }
}
