#pragma warning disable RS0030 // the process boundary: the one file that may name Process
using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Options;

namespace WgHub.WireGuard;

/// <summary>Starts programs: no shell, a list of arguments, bounded time. The only place in WgHub that starts a process.</summary>
internal sealed class CommandRunner(IOptions<WireGuardOptions> options)
{
    /// <summary>Runs a program and returns its standard output.</summary>
    /// <param name="arguments">One element per argument. Never a secret: arguments show in <c>ps</c>.</param>
    /// <param name="standardInput">What the program reads; the way to pass a key.</param>
    /// <exception cref="WgException">Did not start, exited non-zero, or ran past <see cref="WireGuardOptions.TimeoutSeconds"/>.</exception>
    public async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, string standardInput, CancellationToken cancellationToken)
    {
        var output = new ArrayBufferWriter<byte>();
        await RunAsync(program, arguments, Encoding.UTF8.GetBytes(standardInput), output, cancellationToken);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <inheritdoc cref="RunAsync(string, IReadOnlyList{string}, string, CancellationToken)"/>
    /// <param name="output">Receives standard output; may be used again, so that a large dump costs no new memory.</param>
    public async Task RunAsync(string program, IReadOnlyList<string> arguments, ReadOnlyMemory<byte> standardInput, IBufferWriter<byte> output, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new WgException("Managing an interface is not supported on this system yet, only on Linux.");
        }

        using var process = new Process
        {
            StartInfo = new(Find(program), arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };

        // Settings and the master key are for the hub; what a child has in its environment, also its own children have.
        foreach (var name in process.StartInfo.Environment.Keys.Where(name => name.StartsWith("WGHUB_", StringComparison.Ordinal) || name == "CREDENTIALS_DIRECTORY").ToList())
        {
            process.StartInfo.Environment.Remove(name);
        }

        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw new WgException($"{Path.GetFileName(program)} could not be started: {new Win32Exception(exception.NativeErrorCode).Message}.", exception);
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(options.Value.TimeoutSeconds));
        try
        {
            // Both pipes are read while the process runs: one left full would block it for ever.
            var reading = CopyAsync(process.StandardOutput.BaseStream, output, deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await WriteInputAsync(process, standardInput, deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            await reading;
            if (process.ExitCode != 0)
            {
                throw new WgException($"{Path.GetFileName(program)} {arguments[0]}: {Reason(await errors, process.ExitCode)}");
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new WgException($"{Path.GetFileName(program)} {arguments[0]}: no answer in {options.Value.TimeoutSeconds} s.");
        }
    }

    /// <summary>The file of a program that is named without a folder: what PATH says. .NET would look where we were started first, and anybody may have left a <c>wg</c> for root there.</summary>
    private static string Find(string program) =>
        program.Contains('/', StringComparison.Ordinal) ? program : FoldersOfPath().Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists, $"/{program}");

    private static IEnumerable<string> FoldersOfPath() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(Path.IsPathRooted);

    private static async Task CopyAsync(Stream from, IBufferWriter<byte> to, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await from.ReadAsync(to.GetMemory(16 * 1024), cancellationToken);
            if (read == 0)
            {
                return;
            }

            to.Advance(read);
        }
    }

    private static async Task WriteInputAsync(Process process, ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        try
        {
            if (!text.IsEmpty)
            {
                await process.StandardInput.BaseStream.WriteAsync(text, cancellationToken);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The process left before it read all of its input; its exit code tells the story.
        }
    }

    /// <summary>The first line that says something: wireguard-go draws a box around an advertisement of the kernel before it comes to the point.</summary>
    private static string Reason(string errors, int exitCode) =>
        errors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(line => line[0] is not (>= '\u2500' and <= '\u257f')) ?? $"exit {exitCode}";
}
