using WgHub.TestKit;

namespace WgHub.Architecture.Dialect;

/// <summary>
/// A PostgreSQL of the test's own, on a socket in a folder that goes with it. It does not run as root: the account of Debian's package runs it.
/// </summary>
internal sealed class Postgres : IAsyncDisposable
{
    private const string Account = "postgres";

    private static readonly string Programs =
        Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin")).Last();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-postgres-");

    private string Data => Path.Combine(_folder.FullName, "data");

    public static async Task<Postgres> StartAsync()
    {
        var made = new Postgres();
        var folder = made._folder.FullName;
        (await Shell.RunAsync(["chown", Account, folder], CancellationToken.None)).OrThrow();
        await AsAccountAsync("initdb", "--pgdata", made.Data, "--encoding=UTF8", "--locale=C", "--auth=trust", "--no-sync");
        await AsAccountAsync(
            "pg_ctl", "--pgdata", made.Data, "--wait", "--log", $"{folder}/log", "--options", $"-k {folder} -c listen_addresses='' -c fsync=off", "start");
        return made;
    }

    /// <summary>Runs a script as a whole, going on after an error.</summary>
    /// <returns>What psql warned of, errors among it, in their order.</returns>
    public async Task<string> RunAsync(string script)
    {
        string[] psql = ["psql", "--no-psqlrc", "--quiet", "--host", _folder.FullName, "--username", Account, "--dbname", "postgres"];
        var result = await Shell.RunAsync(psql, script, CancellationToken.None);
        result.OrThrow();
        return result.Error;
    }

    public async ValueTask DisposeAsync()
    {
        await AsAccountAsync("pg_ctl", "--pgdata", Data, "--mode=immediate", "stop");
        _folder.Delete(recursive: true);
    }

    private static async Task AsAccountAsync(string program, params string[] arguments) =>
        (await Shell.RunAsync(
            ["setpriv", $"--reuid={Account}", $"--regid={Account}", "--clear-groups", Path.Combine(Programs, program), .. arguments], CancellationToken.None))
                .OrThrow();
}
