using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Generators;

namespace WgHub.Features.Backup.Age;

/// <summary>A text that somebody remembers, both to encrypt with and to open (age's scrypt).</summary>
internal sealed class AgePassphrase(string text)
{
    private const string Kind = "scrypt";
    private const int SaltBytes = 16;
    private const int BlockSize = 8;

    /// <summary>Binary logarithm of the work: 64 MiB of memory and a fifth of a second for each try.</summary>
    private const int Work = 16;

    /// <summary>age itself takes 18; 1 GiB of memory is the most that a file may ask for.</summary>
    private const int MaxWork = 20;

    public AgeRecipient Recipient { get; } = new Sender(text);

    public AgeIdentity Identity { get; } = new Reader(text);

    public override string ToString() => "***";

    private static byte[] WrapKeyOf(string text, byte[] salt, int work) => SCrypt.Generate(
        Encoding.UTF8.GetBytes(text), [.. Encoding.ASCII.GetBytes("age-encryption.org/v1/scrypt"), .. salt], 1 << work, BlockSize, 1, AgeStanza.WrapKeyBytes);

    private sealed class Sender(string text) : AgeRecipient
    {
        public override AgeStanza Wrap(ReadOnlySpan<byte> fileKey)
        {
            var salt = RandomNumberGenerator.GetBytes(SaltBytes);
            return AgeStanza.Of(Kind, AgeStanza.Encode(salt), WrapKeyOf(text, salt, Work), fileKey, Work.ToString(CultureInfo.InvariantCulture));
        }
    }

    private sealed class Reader(string text) : AgeIdentity
    {
        public override byte[]? Unwrap(IReadOnlyList<AgeStanza> stanzas)
        {
            if (stanzas is not [{ Words: [Kind, ..] } stanza])
            {
                return stanzas.Any(one => one.Words[0] == Kind) ? throw AgeHeader.Damaged() : null;
            }

            return stanza.Words.Count == 3 && AgeStanza.TryDecode(stanza.Words[1]) is { Length: SaltBytes } salt && WorkOf(stanza.Words[2]) is { } work
                ? stanza.Unwrap(WrapKeyOf(text, salt, work))
                : throw AgeHeader.Damaged();
        }

        private static int? WorkOf(string word) =>
            !int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var work) || word[0] == '0' ? null
            : work <= MaxWork ? work
            : throw new InvalidDataException($"The backup's passphrase asks for 2^{work} of scrypt's work; at most 2^{MaxWork} is done.");
    }
}
