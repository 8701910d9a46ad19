using System.CommandLine;
using WgHub.Features.Backup;
using WgHub.Features.Backup.Age;

namespace WgHub.Cli;

/// <summary>What opens a backup: an identity, or a passphrase.</summary>
internal sealed class OpeningOptions
{
    private readonly Option<string?> _identity = new("--identity", "-i") { Description = "Opens it with the secret key in this file.", HelpName = "F" };
    private readonly Option<string?> _passphrase = PassphraseFile();

    public static Option<string?> PassphraseFile() => new("--passphrase-file")
    {
        Description = $"Takes the passphrase from the first line of this file ({BackupKeys.PassphraseVariable}).",
        HelpName = "F",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_identity);
        command.Options.Add(_passphrase);
    }

    /// <exception cref="UsageException">None was given, or two.</exception>
    public AgeIdentity IdentityOf(ParseResult parsed) => (parsed.GetValue(_identity), parsed.GetValue(_passphrase)) switch
    {
        ({ } identity, null) => BackupKeys.IdentityFile(identity),
        (null, { } passphrase) => BackupKeys.PassphraseFile(passphrase, isForMaking: false).Identity,
        ({ }, { }) => throw new UsageException("--identity or --passphrase-file, not both."),
        _ => Environment.GetEnvironmentVariable(BackupKeys.PassphraseVariable) is { Length: > 0 } text
            ? BackupKeys.Passphrase(text, isForMaking: false).Identity
            : throw new UsageException($"What opens the backup? Give --identity F, --passphrase-file F or {BackupKeys.PassphraseVariable}."),
    };
}
