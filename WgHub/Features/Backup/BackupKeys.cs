using WgHub.Features.Backup.Age;
using WgHub.Hosting;

namespace WgHub.Features.Backup;

/// <summary>Reads keys and passphrases from where people keep them.</summary>
internal static class BackupKeys
{
    public const string PassphraseVariable = "WGHUB_BACKUP_PASSPHRASE";

    private const int ShortestPassphrase = 12; // characters; whoever has the file may try as many as they like
    private const long LargestFile = 64 * 1024; // bytes

    /// <exception cref="InvalidDataException">It is no public key of age's.</exception>
    public static AgeX25519Recipient Recipient(string text) => AgeX25519Recipient.TryParse(text.Trim()) ?? throw new InvalidDataException(
        AgeX25519Identity.TryParse(text.Trim()) is null
            ? $"{text}: no public key of age's, such as 'wghub backup keygen' makes: age1 and 58 letters and digits."
            : "That is the secret half of a key. Give the public one, which begins with age1, and keep the secret one elsewhere.");

    /// <param name="isForMaking">True to refuse one that is guessed too easily.</param>
    /// <exception cref="InvalidDataException">It is too short.</exception>
    public static AgePassphrase Passphrase(Secret text, bool isForMaking) => text.Length >= (isForMaking ? ShortestPassphrase : 1)
        ? new(text.Reveal())
        : throw new InvalidDataException($"The passphrase is shorter than {ShortestPassphrase} characters: whoever has the backup could guess it.");

    /// <summary>The first line of a file that is for its owner alone.</summary>
    /// <exception cref="InvalidDataException">There is none, others can read it, or it is too short.</exception>
    public static AgePassphrase PassphraseFile(string file, bool isForMaking) =>
        Passphrase(ReadPrivate(file).Split('\n')[0].TrimEnd('\r'), isForMaking);

    /// <summary>A file as <c>age-keygen</c> writes it.</summary>
    /// <exception cref="InvalidDataException">It holds no key, or others can read it.</exception>
    public static AgeX25519Identity IdentityFile(string file) =>
        ReadPrivate(file).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').ToList() is [var line]
            && AgeX25519Identity.TryParse(line) is { } identity
            ? identity
            : throw new InvalidDataException($"{file}: holds no secret key of age's, one line that begins with AGE-SECRET-KEY-1.");

    private static string ReadPrivate(string file)
    {
        try
        {
            if (File.Exists(file) && PrivateFiles.WarningOf(file) is { } warning)
            {
                throw new InvalidDataException(warning);
            }

            using var stream = File.OpenRead(file); // a pipe, too: it has no length
            using var reader = new StreamReader(stream);
            var text = new char[LargestFile];
            return new(text, 0, reader.ReadBlock(text));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{file} could not be read.", exception);
        }
    }
}
