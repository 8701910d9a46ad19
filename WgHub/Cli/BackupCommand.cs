using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Options;
using WgHub.Cli.Remote;
using WgHub.Features.Backup;
using WgHub.Features.Backup.Age;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Cli;

internal static class BackupCommand
{
    private const string StandardStream = "-";

    public static Command Create(HubAccess access)
    {
        var file = new Argument<string?>("FILE") { Arity = ArgumentArity.ZeroOrOne, Description = "Where to; - is standard output." };
        var keys = new Option<string[]>("--recipient", "-r")
        {
            Description = "Encrypts for this public key of age's (age1…); may be given more than once.",
            HelpName = "KEY",
        };
        var passphrase = OpeningOptions.PassphraseFile();
        var command = new Command("backup", "Writes an encrypted backup, also while the hub runs.") { file, keys, passphrase, Verify(), KeyGen() };
        NounCommand.AddVerbs(command, HubNouns.Backup, access);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = parsed.GetValue(file) ?? throw new UsageException("backup: where to? Name a FILE, or - for standard output.");
            var given = RecipientsOf(parsed.GetValue(keys) ?? [], parsed.GetValue(passphrase));
            await using var server = OfflineServer.OpenAsSelf(parsed); // where it goes is often root's
            var settings = server.GetRequiredService<IOptions<BackupOptions>>().Value;
            var recipients = given.Count > 0 ? given : settings.Recipients();
            if (recipients.Count == 0)
            {
                throw new UsageException(
                    "backup: for whom? Give --recipient KEY ('wghub backup keygen' makes one), --passphrase-file F or "
                    + $"{BackupKeys.PassphraseVariable}, or set Backup:Recipient.");
            }

            using var interruption = new Interruption(cancellationToken);
            var settingsFile = CommonOptions.SettingsFileOf(parsed, server.GetRequiredService<DataDirectory>());
            var made = Make(server, target, recipients, settingsFile, interruption.Token);
            await server.GetRequiredService<Database>().WriteAsync(Actor.Cli, tx => BackupMaker.Remember(tx, made), cancellationToken);
            await (target == StandardStream ? Console.Error : Console.Out).WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"{target}: {made.Size} bytes, sha256 {made.Sha256}, {Spokes(made.Manifest.Spokes)}"));
        });
        return command;
    }

    private static BackupMade Make(
        ServiceProvider server, string target, IReadOnlyList<AgeRecipient> recipients, string settingsFile, CancellationToken cancellationToken)
    {
        var maker = server.GetRequiredService<BackupMaker>();
        if (target != StandardStream)
        {
            return FileStatus.IsNoFile(target)
                ? throw new UsageException($"{target} is there and is no file. Standard output is -.")
                : maker.MakeFile(Path.GetFullPath(Target(target)), recipients, settingsFile, cancellationToken);
        }

        if (!Console.IsOutputRedirected)
        {
            throw new UsageException("backup -: standard output is a terminal. Lead it into a file or a program.");
        }

        using var output = new BufferedStream(Console.OpenStandardOutput());
        return maker.Make(output, recipients, settingsFile, cancellationToken);
    }

    /// <summary>Where a link leads: it goes on leading there.</summary>
    private static string Target(string file) =>
        new FileInfo(file) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : file;

    private static List<AgeRecipient> RecipientsOf(string[] keys, string? passphraseFile)
    {
        if (keys.Length == 0)
        {
            return OpeningOptions.Passphrase(passphraseFile, isForMaking: true) is { } passphrase ? [passphrase.Recipient] : [];
        }

        return passphraseFile is null
            ? [.. keys.Select(BackupKeys.Recipient)]
            : throw new UsageException("backup: --recipient or --passphrase-file, not both: a file of age's with a passphrase opens by that alone.");
    }

    private static Command Verify()
    {
        var file = new Argument<string>("FILE") { Description = "The backup; - is standard input." };
        var opening = new OpeningOptions();
        var command = new Command("verify", "Opens a backup as a restore would, in a place of its own, and says what it holds.") { file };
        opening.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var identity = opening.IdentityOf(parsed);
            await using var from = Open(parsed.GetRequiredValue(file));
            using var interruption = new Interruption(cancellationToken);
            var scratch = Directory.CreateTempSubdirectory("wghub-verify-");
            try
            {
                var manifest = await BackupReader.ReadAsync(from, identity, new DataDirectory(scratch.FullName), TimeProvider.System, null, interruption.Token);
                Console.WriteLine($"Whole: {Told(manifest)}");
            }
            finally
            {
                scratch.Delete(recursive: true);
            }
        });
        return command;
    }

    private static Command KeyGen()
    {
        var command = new Command("keygen", "Makes a key to encrypt backups for, as age-keygen does: lead it into a file, and keep that elsewhere.");
        command.SetAction(_ =>
        {
            var identity = AgeX25519Identity.Make();
            Console.WriteLine($"# created: {TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}");
            Console.WriteLine($"# public key: {identity.Recipient}");
            Console.WriteLine(identity.Reveal());
            if (Console.IsOutputRedirected)
            {
                Console.Error.WriteLine($"Public key: {identity.Recipient}");
            }
        });
        return command;
    }

    public static string Told(BackupManifest manifest) => string.Create(
        CultureInfo.InvariantCulture,
        $"a backup of {manifest.MadeAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC by wghub {manifest.Version}, {Spokes(manifest.Spokes)}, ")
        + string.Join(", ", manifest.Files.Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Name} ({file.Size} bytes)")));

    /// <exception cref="UsageException">There is no such file.</exception>
    public static Stream Open(string file)
    {
        try
        {
            return file == StandardStream ? Console.OpenStandardInput() : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file}: {exception.Message}");
        }
    }

    private static string Spokes(long count) => count == 1 ? "1 spoke" : $"{count} spokes";
}
