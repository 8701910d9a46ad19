using System.Diagnostics;
using System.Text;
using WgHub.TestKit;

namespace WgHub.Architecture.Dialect;

/// <summary>A PostgreSQL of the test's own, on a socket in a folder that goes with it. It does not run as root: the account of Debian's package runs it.</summary>
internal sealed class Postgres : IDisposable
{
    private const string Account = "postgres";

    private static readonly string Programs = Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin")).Last();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-postgres-");

    public Postgres()
    {
        Run("chown", [Account, _folder.FullName]);
        AsAccount("initdb", "--pgdata", Data, "--encoding=UTF8", "--locale=C", "--auth=trust", "--no-sync");
        AsAccount("pg_ctl", "--pgdata", Data, "--wait", "--log", Path.Combine(_folder.FullName, "log"), "--options", $"-k {_folder.FullName} -c listen_addresses='' -c fsync=off", "start");
    }

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>Runs a script as a whole, going on after an error.</summary>
    /// <returns>What psql printed, errors among it.</returns>
    public string Run(string script) => Run("psql", ["--no-psqlrc", "--quiet", "--host", _folder.FullName, "--username", Account, "--dbname", "postgres"], script);

    public void Dispose()
    {
        AsAccount("pg_ctl", "--pgdata", Data, "--mode=immediate", "stop");
        _folder.Delete(recursive: true);
    }

    private static void AsAccount(string program, params string[] arguments) =>
        Run("setpriv", [$"--reuid={Account}", $"--regid={Account}", "--clear-groups", Path.Combine(Programs, program), .. arguments]);

    private static string Run(string program, IReadOnlyList<string> arguments, string input = "")
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        var printed = new StringBuilder();
        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (printed)
            {
                printed.AppendLine(line.Data);
            }
        }

        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return process.ExitCode == 0 ? printed.ToString() : throw new InvalidOperationException($"{program}: {printed}");
    }
}
