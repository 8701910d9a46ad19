using System.Buffers;
using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CliWrap;
using Microsoft.Extensions.Options;

#pragma warning disable RS0030 // the process boundary: the one file that may name Command

namespace WgHub.WireGuard;

/// <summary>Starts programs: no shell, a list of arguments, bounded time and output. The only place in WgHub that starts a process.</summary>
internal sealed partial class CommandRunner(IOptions<WireGuardOptions> options, ProgramFailures failures)
{
    private const int LongestReason = 500; // characters
    private const int NoSuchFile = 2;      // ENOENT

    private static readonly UnicodeCategory[] Hidden =
    [
        UnicodeCategory.Control, UnicodeCategory.Format, UnicodeCategory.LineSeparator, UnicodeCategory.ParagraphSeparator, UnicodeCategory.Surrogate,
        UnicodeCategory.PrivateUse, UnicodeCategory.OtherNotAssigned,
    ];

    private const int OutputLimit = 64 * 1024 * 1024; // bytes; the dump of 65,000 peers has 6.5 million

    /// <summary>Runs a program and returns its standard output.</summary>
    /// <param name="arguments">One element per argument. Never a secret: arguments show in <c>ps</c>.</param>
    /// <param name="standardInput">What the program reads; the way to pass a key.</param>
    /// <exception cref="WgException">Did not start, exited non-zero, said too much, or ran past <see cref="WireGuardOptions.TimeoutSeconds"/>.</exception>
    public async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, string standardInput, CancellationToken cancellationToken)
    {
        var output = new ArrayBufferWriter<byte>();
        await RunAsync(program, arguments, Encoding.UTF8.GetBytes(standardInput), output, cancellationToken);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Runs a program that may take its time; what it says on standard output is not wanted.</summary>
    /// <exception cref="WgException">Did not start, exited non-zero, said too much, or ran past <paramref name="limit"/>.</exception>
    public static Task RunWithinAsync(TimeSpan limit, string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(program, arguments, ReadOnlyMemory<byte>.Empty, new ArrayBufferWriter<byte>(), limit, cancellationToken);

    /// <summary>Runs a program of which a failure is an answer, too.</summary>
    /// <exception cref="WgException">Did not start, said too much, or ran past <paramref name="limit"/>.</exception>
    public static async Task<ProgramAnswer> AskAsync(
        TimeSpan limit, string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var (output, errors) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        var exitCode = await ExecuteAsync(program, arguments, ReadOnlyMemory<byte>.Empty, output, errors, limit, cancellationToken);
        return new(exitCode, Encoding.UTF8.GetString(output.WrittenSpan), Reason(Encoding.UTF8.GetString(errors.WrittenSpan), exitCode));
    }

    /// <inheritdoc cref="RunAsync(string, IReadOnlyList{string}, string, CancellationToken)"/>
    /// <param name="output">Receives standard output; may be used again, so that a large dump costs no new memory.</param>
    public async Task RunAsync(
        string program, IReadOnlyList<string> arguments, ReadOnlyMemory<byte> standardInput, IBufferWriter<byte> output, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(program, arguments, standardInput, output, TimeSpan.FromSeconds(options.Value.TimeoutSeconds), cancellationToken);
        }
        catch (WgException)
        {
            failures.Add();
            throw;
        }
    }

    private static async Task RunAsync(
        string program, IReadOnlyList<string> arguments, ReadOnlyMemory<byte> standardInput, IBufferWriter<byte> output, TimeSpan limit,
        CancellationToken cancellationToken)
    {
        var errors = new ArrayBufferWriter<byte>();
        var exitCode = await ExecuteAsync(program, arguments, standardInput, output, errors, limit, cancellationToken);
        if (exitCode != 0)
        {
            throw new WgException($"{Path.GetFileName(program)} {arguments[0]}: {Reason(Encoding.UTF8.GetString(errors.WrittenSpan), exitCode)}");
        }
    }

    /// <returns>Its exit status.</returns>
    private static async Task<int> ExecuteAsync(
        string program, IReadOnlyList<string> arguments, ReadOnlyMemory<byte> standardInput, IBufferWriter<byte> output, IBufferWriter<byte> errors,
        TimeSpan limit, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new WgException("Managing an interface is not supported on this system yet, only on Linux.");
        }

        var name = Path.GetFileName(program);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            var result = await new Command(Programs.Find(program) ?? Path.Combine("/", program))
                .WithArguments(arguments)
                .WithEnvironmentVariables(NotForChildren())
                .WithStandardInputPipe(PipeSource.FromBytes(standardInput))
                .WithStandardOutputPipe(Into(output, name))
                .WithStandardErrorPipe(Into(errors, name))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(deadline.Token);
            return result.ExitCode;
        }
        catch (Win32Exception exception)
        {
            var cause = exception.InnerException as Win32Exception ?? exception;
            var way = cause.NativeErrorCode == NoSuchFile ? Programs.HowToInstall(program) : "";
            throw new WgException($"{name} could not be started: {new Win32Exception(cause.NativeErrorCode).Message}.{way}", exception);
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new WgException($"{name} {arguments[0]}: no answer in {limit.TotalSeconds} s.", exception);
        }
    }

    /// <summary>Settings and the master key are for the hub; what a child has in its environment, also its own children have. Null takes away.</summary>
    private static Dictionary<string, string?> NotForChildren() => Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .Where(name => name.StartsWith("WGHUB_", StringComparison.Ordinal) || name == "CREDENTIALS_DIRECTORY")
        .ToDictionary(name => name, _ => (string?)null);

    private static PipeTarget Into(IBufferWriter<byte> buffer, string name) => PipeTarget.Create(async (stream, cancellationToken) =>
    {
        var left = OutputLimit;
        while (await stream.ReadAsync(buffer.GetMemory(16 * 1024), cancellationToken) is > 0 and var read)
        {
            buffer.Advance(read);
            if ((left -= read) < 0)
            {
                throw new WgException($"{name} said more than {OutputLimit / 1024 / 1024} MiB.");
            }
        }
    });

    /// <summary>
    /// The first line that says something, as text: it goes into logs, answers and terminals. wireguard-go draws a box around an advertisement of
    /// the kernel before it comes to the point.
    /// </summary>
    private static string Reason(string errors, int exitCode) =>
        errors.Split('\n')
            .Select(Plain)
            .FirstOrDefault(line => line.Length > 0 && line[0] is not (>= '\u2500' and <= '\u257f'))
            ?? $"exit {exitCode}";

    /// <summary>Without what a terminal obeys (escape sequences whole) and what nobody sees, such as marks that turn the reading direction.</summary>
    public static string Plain(string line)
    {
        var text = string.Concat(
            EscapeSequence().Replace(line, "").EnumerateRunes().Where(rune => !Hidden.Contains(Rune.GetUnicodeCategory(rune)))).Trim();
        return text.Length > LongestReason ? $"{text[..LongestReason]}…" : text;
    }

    /// <summary>ECMA-48: a control sequence, or a string up to its end; else the one character after it.</summary>
    [GeneratedRegex(@"\e(\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\a\e]*(\a|\e\\|\z)|.)|\u009b[0-?]*[ -/]*[@-~]", RegexOptions.CultureInvariant)]
    private static partial Regex EscapeSequence();
}
