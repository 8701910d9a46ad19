using System.Text;

namespace WgHub.Web;

/// <summary>Text of files that people made with whatever they have: UTF-8 with or without a mark, UTF-16 with one, or Windows-1252.</summary>
internal static class UploadedText
{
    // What Windows-1252 has where Latin-1 has control characters, from 0x80; as it stands where it has nothing.
    private const string Windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

    /// <summary>The text without its mark.</summary>
    /// <returns>Null when it holds a zero byte that is none of UTF-16: then it is no text.</returns>
    public static string? Decode(ReadOnlySpan<byte> file)
    {
        var text = file switch
        {
            [0xff, 0xfe, .. var little] => Encoding.Unicode.GetString(little),
            [0xfe, 0xff, .. var big] => Encoding.BigEndianUnicode.GetString(big),
            [0xef, 0xbb, 0xbf, .. var marked] => OfBytes(marked),
            _ => OfBytes(file),
        };
        return text.Contains('\0', StringComparison.Ordinal) ? null : text;
    }

    private static string OfBytes(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes)
        ? Encoding.UTF8.GetString(bytes)
        : string.Create(bytes.Length, bytes, (text, from) =>
        {
            for (var place = 0; place < text.Length; place++)
            {
                text[place] = from[place] is >= 0x80 and < 0xa0 ? Windows1252[from[place] - 0x80] : (char)from[place];
            }
        });
}
