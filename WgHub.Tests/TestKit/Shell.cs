using System.Diagnostics;
using System.Text;

namespace WgHub.TestKit;

#pragma warning disable RS0030 // The one file of the tests that starts programs.

/// <summary>Runs programs to their end: an argument list, never a line for a shell.</summary>
internal static class Shell
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    public static Task<ShellResult> RunAsync(string[] command, CancellationToken cancel) => RunAsync(command, "", cancel);

    /// <summary>Feeds <paramref name="input"/> to the program. Past two minutes it is killed, with its children.</summary>
    public static async Task<ShellResult> RunAsync(string[] command, string input, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);

        var (output, error) = (new StringBuilder(), new StringBuilder());
        var drained = Task.WhenAll(DrainAsync(process.StandardOutput, output), DrainAsync(process.StandardError, error));
        try
        {
            await FeedAsync(process.StandardInput, input);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancel.ThrowIfCancellationRequested();
            throw new TimeoutException($"{string.Join(' ', command)}: still running after {Limit}.\n{Text(output)}\n{Text(error)}");
        }

        // A daemon that the program left behind keeps the pipes open: what has come by now is all there is.
        await Task.WhenAny(drained, Task.Delay(Grace, TimeProvider.System, cancel));
        return new ShellResult(string.Join(' ', command), process.ExitCode, Text(output), Text(error));
    }

    /// <summary>SIGKILL. A process that is gone already is as good.</summary>
    public static void Kill(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill();
        }
        catch (ArgumentException)
        {
        }
    }

    private static async Task FeedAsync(StreamWriter stdin, string input)
    {
        try
        {
            await stdin.WriteAsync(input);
            stdin.Close();
        }
        catch (IOException)
        {
            // It ended without reading: its exit code tells whether that was right.
        }
    }

    private static async Task DrainAsync(StreamReader reader, StringBuilder text)
    {
        var buffer = new char[4096];
        while (await reader.ReadAsync(buffer) is > 0 and var count)
        {
            lock (text)
            {
                text.Append(buffer, 0, count);
            }
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}

internal sealed record ShellResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>What it printed, where anything but success is the test's end.</summary>
    public string OrThrow() => ExitCode == 0
        ? Output
        : throw new InvalidOperationException($"{Command}: exit code {ExitCode}\n{Output}{Error}");
}

/// <summary>A program that stays: it reads nothing and writes to a log file.</summary>
internal sealed class ShellProcess : IDisposable
{
    // The shell becomes the program, so that the process id is the program's own.
    private const string LogAndBecome = """log=$1; shift; exec "$@" </dev/null >>"$log" 2>&1""";

    private readonly Process _process;

    private ShellProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public static ShellProcess Start(string[] command, string logFile, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("sh", ["-c", LogAndBecome, "sh", logFile, .. command]);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ShellProcess(Process.Start(start)!);
    }

    /// <returns>False when it still runs after <paramref name="limit"/>.</returns>
    public async Task<bool> WaitForExitAsync(TimeSpan limit, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(limit);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Kill() => _process.Kill();

    public void Dispose() => _process.Dispose();
}
