using System.ComponentModel.DataAnnotations;
using Cronos;
using Microsoft.Extensions.Options;
using WgHub.Features.Backup.Age;

namespace WgHub.Features.Backup;

/// <summary>Settings under <c>Backup</c>.</summary>
internal sealed class BackupOptions : IValidatableObject
{
    public const string Section = "Backup";

    /// <summary>When one is made, as cron has it, by the machine's clock: minute, hour, day, month, weekday. Empty for never.</summary>
    public string Schedule { get; set; } = "";

    /// <summary>Where they are kept; a path that is not rooted is inside the data directory.</summary>
    public string Directory { get; set; } = "backups";

    /// <summary>So many are kept; the oldest go.</summary>
    [Range(1, 10_000)]
    public int Keep { get; set; } = 14;

    /// <summary>Public keys of age's that they are encrypted for, separated by spaces.</summary>
    public string Recipient { get; set; } = "";

    /// <summary>A file with a passphrase, instead of <see cref="Recipient"/>: for its owner alone, readable for the hub.</summary>
    public string PassphraseFile { get; set; } = "";

    /// <summary>A program that is run after each, with the path of the backup as its only argument. Empty for none.</summary>
    public string After { get; set; } = "";

    /// <summary>Whom backups are encrypted for; empty when nobody has said it.</summary>
    /// <exception cref="InvalidDataException">The file of the passphrase cannot be read, or holds none.</exception>
    public IReadOnlyList<AgeRecipient> Recipients() => PassphraseFile.Length > 0
        ? [BackupKeys.PassphraseFile(PassphraseFile, isForMaking: true).Recipient]
        : [.. Recipient.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(BackupKeys.Recipient)];

    /// <summary>What opens them, where the hub has it: the passphrase. A secret key is kept elsewhere.</summary>
    public AgeIdentity? Identity() => PassphraseFile.Length > 0 ? BackupKeys.PassphraseFile(PassphraseFile, isForMaking: false).Identity : null;

    /// <returns>Null for never.</returns>
    public CronExpression? When() => Schedule.Length > 0 ? CronExpression.Parse(Schedule) : null;

    /// <summary>What is wrong shows at the start, and not in the night.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Schedule.Length > 0 && !CronExpression.TryParse(Schedule, out _))
        {
            yield return new($"Backup:Schedule is no schedule of cron's, such as '30 3 * * *': {Schedule}");
        }

        if (Schedule.Length > 0 && Recipient.Length + PassphraseFile.Length == 0)
        {
            yield return new("Backup:Schedule needs Backup:Recipient ('wghub backup keygen' makes one) or Backup:PassphraseFile.");
        }

        if (Recipient.Length > 0 && PassphraseFile.Length > 0)
        {
            yield return new("Backup:Recipient or Backup:PassphraseFile, not both: a backup with a passphrase opens by that alone.");
        }

        if (After.Length > 0 && !Path.IsPathRooted(After))
        {
            yield return new($"Backup:After is the whole path of a program: {After}");
        }

        if (FaultOfKeys() is { } fault)
        {
            yield return new($"Backup: {fault}");
        }
    }

    private string? FaultOfKeys()
    {
        try
        {
            _ = Recipients();
            return null;
        }
        catch (InvalidDataException exception)
        {
            return exception.Message;
        }
    }
}

[OptionsValidator]
internal sealed partial class BackupOptionsValidator : IValidateOptions<BackupOptions>;
