using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using WgHub.Cli.Apply;
using WgHub.Cli.Remote;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Cli;

/// <summary>The door: picks the command. Without one it is <c>serve</c>.</summary>
internal static class CommandLine
{
    /// <param name="build">Makes the server, of all rooms.</param>
    /// <returns>The process's exit status.</returns>
    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types", Justification = "The border of the program: whatever it is, it is told in a sentence.")]
    public static async Task<int> RunAsync(string[] args, Func<ServerStart, WebApplication> build)
    {
        PrivateFiles.Enforce();
        var root = Create(build);

        var words = root.Subcommands.Any(command => args.Contains(command.Name))
            || args.Any(arg => arg is "--help" or "-h" or "-?" or "/?" or "/h" or "--version")
            ? args
            : ["serve", .. args];
        var parsed = root.Parse(words);
        if (parsed.Errors.Count > 0)
        {
            return Fail(WrongWords.SentenceOf(parsed, isServeLeftOut: words != args), ExitCode.Usage);
        }

        try
        {
            // The server stops by itself on a signal, in its own time; the parser would give it two seconds.
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception exception)
        {
            var (sentence, code) = Failure.Explain(exception);
            return Fail(sentence, code);
        }
    }

    /// <summary>All commands. Those on the data itself work where no hub runs; the others are calls of one that does.</summary>
    private static RootCommand Create(Func<ServerStart, WebApplication> build)
    {
        var hub = new HubAccess(parsed => CommonOptions.DataDirectoryToLook(parsed).ControlSocket);
        var root = new RootCommand("WgHub: a WireGuard hub. Without a command it is 'serve'.")
        {
            ServeCommand.Create(build), SetupCodeCommand.Create(), ApiTokenCommand.Create(), UserCommand.Create(), AuditCommand.Create(hub),
            BackupCommand.Create(hub), RestoreCommand.Create(), MasterKeyCommand.Create(), FingerprintCommand.Create(), DoctorCommand.Create(),
            VersionCommand.Create(), InstallCommand.Create(), UninstallCommand.Create(), UpgradeCommand.Create(),
        };
        foreach (var noun in Nouns.All)
        {
            root.Subcommands.Add(NounCommand.Create(noun, hub));
        }

        root.Subcommands.Add(RuleCommand.Create(hub));
        root.Subcommands.Add(new ApplyCommand(hub));
        root.Subcommands.Add(ApiCommand.Create(hub));
        root.Subcommands.Add(CompletionCommand.Create());
        root.Subcommands.Add(CompletionCommand.CreateForShells(hub));
        CommonOptions.AddTo(root);
        return root;
    }

    private static int Fail(string sentence, int code)
    {
        Console.Error.WriteLine($"wghub: {sentence.ReplaceLineEndings(" ")}");
        return code;
    }
}

/// <summary>Exit statuses; 64 is EX_USAGE of sysexits(3).</summary>
internal static class ExitCode
{
    public const int Failed = 1;
    public const int SetUpAlready = 3;
    public const int Usage = 64;
    public const int Interrupted = 130;
}
