using System.CommandLine;
using WgHub.Features.Backup;
using WgHub.Features.Backup.Age;
using WgHub.Hosting;

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
        ({ }, { }) => throw new UsageException("--identity or --passphrase-file, not both."),
        (null, var file) => Passphrase(file, isForMaking: false)?.Identity
            ?? throw new UsageException($"What opens the backup? Give --identity F, --passphrase-file F or {BackupKeys.PassphraseVariable}."),
    };

    /// <param name="file">As the option has it; null for none: then the variable is asked.</param>
    /// <returns>Null when neither names one.</returns>
    public static AgePassphrase? Passphrase(string? file, bool isForMaking) =>
        file is not null ? BackupKeys.PassphraseFile(file, isForMaking)
        : Environment.GetEnvironmentVariable(BackupKeys.PassphraseVariable) is { Length: > 0 } text ? BackupKeys.Passphrase(text, isForMaking)
        : null;
}
