using System.Security.Cryptography;
using System.Text;

namespace WgHub.Features.Backup.Age;

/// <summary>The first lines of a file: how it is opened.</summary>
internal static class AgeHeader
{
    private const string FirstLine = "age-encryption.org/v1";
    private const int Columns = 64;
    private const int MacBytes = 32;

    /// <summary>No header of ours is longer than some hundred bytes; others may have many recipients.</summary>
    private const int MaxBytes = 64 * 1024;

    public static void Write(Stream to, byte[] fileKey, IReadOnlyList<AgeRecipient> recipients)
    {
        var text = new StringBuilder($"{FirstLine}\n");
        foreach (var stanza in recipients.Select(recipient => recipient.Wrap(fileKey)))
        {
            text.Append("-> ").AppendJoin(' ', stanza.Words).Append('\n');
            var body = AgeStanza.Encode(stanza.Body);
            for (var i = 0; i <= body.Length; i += Columns) // a body of whole lines ends in an empty one
            {
                text.Append(body.AsSpan(i, Math.Min(Columns, body.Length - i))).Append('\n');
            }
        }

        var signed = text.Append("---").ToString();
        to.Write(Encoding.ASCII.GetBytes($"{signed} {AgeStanza.Encode(MacOf(fileKey, signed))}\n"));
    }

    /// <returns>The key of the file; null when it is not for this identity.</returns>
    /// <exception cref="InvalidDataException">It is no such header, or a damaged one.</exception>
    public static byte[]? Read(Stream from, AgeIdentity identity)
    {
        var header = new StringBuilder();
        if (Line(from, header) != FirstLine)
        {
            throw NoHeader();
        }

        List<AgeStanza> stanzas = [];
        string line;
        while ((line = Line(from, header)).StartsWith("-> ", StringComparison.Ordinal))
        {
            stanzas.Add(new(WordsOf(line[3..]), Body(from, header)));
        }

        if (stanzas.Count == 0 || !line.StartsWith("--- ", StringComparison.Ordinal) || AgeStanza.TryDecode(line[4..]) is not { Length: MacBytes } mac)
        {
            throw Damaged();
        }

        if (identity.Unwrap(stanzas) is not { } fileKey)
        {
            return null;
        }

        var signed = header.ToString(0, header.Length - line.Length - 1 + 3);
        return CryptographicOperations.FixedTimeEquals(mac, MacOf(fileKey, signed)) ? fileKey : throw Damaged();
    }

    public static InvalidDataException Damaged() => new("The backup's header is damaged.");

    private static InvalidDataException NoHeader() => new("This is no backup: it does not begin as a file of age does.");

    private static byte[] MacOf(byte[] fileKey, string text) =>
        HMACSHA256.HashData(HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey, 32, info: "header"u8.ToArray()), Encoding.ASCII.GetBytes(text));

    private static string[] WordsOf(string line)
    {
        var words = line.Split(' ');
        return words.All(word => word.Length > 0 && word.All(c => c is > ' ' and <= '~')) ? words : throw Damaged();
    }

    private static byte[] Body(Stream from, StringBuilder header)
    {
        var body = new StringBuilder();
        string line;
        do
        {
            line = Line(from, header);
            body.Append(line);
        }
        while (line.Length == Columns);
        return line.Length < Columns && AgeStanza.TryDecode(body.ToString()) is { } bytes ? bytes : throw Damaged();
    }

    /// <summary>Byte by byte: what follows the header is not text.</summary>
    private static string Line(Stream from, StringBuilder header)
    {
        var start = header.Length;
        while (header.Length < MaxBytes && from.ReadByte() is >= 0 and var one)
        {
            header.Append((char)one);
            if (one == '\n')
            {
                return header.ToString(start, header.Length - start - 1);
            }
        }

        throw start == 0 ? NoHeader() : Damaged();
    }
}
