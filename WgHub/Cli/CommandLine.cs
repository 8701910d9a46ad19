using System.CommandLine;
using Microsoft.Extensions.Options;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Cli;

/// <summary>The door: picks the command. Without one it is <c>serve</c>.</summary>
internal static class CommandLine
{
    /// <param name="build">Makes the server, of all rooms.</param>
    /// <returns>The process's exit status.</returns>
    public static async Task<int> RunAsync(string[] args, Func<ServerStart, WebApplication> build)
    {
        PrivateFiles.Enforce();
        var root = new RootCommand("WgHub: a WireGuard hub. Without a command it is 'serve'.")
        {
            ServeCommand.Create(build), SetupCodeCommand.Create(), ApiTokenCommand.Create(), UserCommand.Create(), AuditCommand.Create(),
            MasterKeyCommand.Create(), FingerprintCommand.Create(),
            VersionCommand.Create(),
        };
        CommonOptions.AddTo(root);

        var words = root.Subcommands.Any(command => args.Contains(command.Name))
            || args.Any(arg => arg is "--help" or "-h" or "-?" or "/?" or "/h" or "--version")
            ? args
            : ["serve", .. args];
        var parsed = root.Parse(words);
        if (parsed.Errors.Count > 0)
        {
            return Fail(parsed.Errors[0].Message, ExitCode.Usage);
        }

        try
        {
            // The server stops by itself on a signal, in its own time; the parser would give it two seconds.
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception exception) when (Explain(exception) is { } explained)
        {
            return Fail(explained.Sentence, explained.Code);
        }
    }

    private static int Fail(string sentence, int code)
    {
        Console.Error.WriteLine($"wghub: {sentence.ReplaceLineEndings(" ")}");
        return code;
    }

    /// <summary>What an expected failure means; null for one that is a fault of ours and shows its trace.</summary>
    private static (string Sentence, int Code)? Explain(Exception exception) => exception switch
    {
        UsageException usage => (usage.Message, ExitCode.Usage),
        OptionsValidationException options => (options.Failures.First(), ExitCode.Usage),
        AppException { Errors.Count: > 0 } refused => ($"{refused.Errors.First().Key}: {refused.Message}", ExitCode.Usage),
        AppException refused => (refused.Message, ExitCode.Failed),
        StorageException or WgException => (exception.Message, ExitCode.Failed),
        InvalidDataException => (exception.Message, ExitCode.Usage),
        UnauthorizedAccessException or IOException => (exception.Message, ExitCode.Failed),
        InvalidOperationException { InnerException: FormatException or OverflowException } binding => (binding.Message, ExitCode.Usage),
        _ => null,
    };
}

/// <summary>Exit statuses; 64 is EX_USAGE of sysexits(3).</summary>
internal static class ExitCode
{
    public const int Failed = 1;
    public const int SetUpAlready = 3;
    public const int Usage = 64;
}

/// <summary>An option or a setting is not what it should be.</summary>
internal sealed class UsageException(string message) : Exception(message);
