namespace WgHub.Features.Backup.Age;

/// <summary>Bytes as text with a name before and a checksum behind (BIP 173), as age writes its keys; of any length.</summary>
internal static class Bech32
{
    private const string Digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int ChecksumDigits = 6;

    private static readonly uint[] Generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

    /// <param name="name">In lower case, as the text is.</param>
    public static string Encode(string name, ReadOnlySpan<byte> data)
    {
        var values = Regroup(data, 8, 5, isPadded: true)!;
        var checksum = Checksum([.. Expand(name), .. values, .. new byte[ChecksumDigits]]) ^ 1;
        var end = Enumerable.Range(0, ChecksumDigits).Select(i => (byte)((checksum >> (5 * (ChecksumDigits - 1 - i))) & 31));
        return $"{name}1{string.Concat(values.Concat(end).Select(value => Digits[value]))}";
    }

    /// <param name="text">All in lower case, or all in upper case.</param>
    /// <returns>Null for another name, a wrong checksum, or anything that is no such text.</returns>
    public static byte[]? TryDecode(string name, string text)
    {
        var lower = text.ToLowerInvariant();
        if ((text.Any(char.IsAsciiLetterLower) && text.Any(char.IsAsciiLetterUpper)) || !lower.StartsWith($"{name}1", StringComparison.Ordinal))
        {
            return null;
        }

        var values = lower[(name.Length + 1)..].Select(digit => Digits.IndexOf(digit, StringComparison.Ordinal)).ToList();
        if (values.Count < ChecksumDigits || values.Contains(-1))
        {
            return null;
        }

        byte[] bytes = [.. values.Select(value => (byte)value)];
        return Checksum([.. Expand(name), .. bytes]) == 1 ? Regroup(bytes.AsSpan(0, bytes.Length - ChecksumDigits), 5, 8, isPadded: false) : null;
    }

    private static IEnumerable<byte> Expand(string name) => [.. name.Select(c => (byte)(c >> 5)), 0, .. name.Select(c => (byte)(c & 31))];

    private static uint Checksum(ReadOnlySpan<byte> values)
    {
        var sum = 1u;
        foreach (var value in values)
        {
            var top = sum >> 25;
            sum = ((sum & 0x1ffffff) << 5) ^ value;
            for (var i = 0; i < Generator.Length; i++)
            {
                sum ^= ((top >> i) & 1) == 0 ? 0 : Generator[i];
            }
        }

        return sum;
    }

    /// <returns>Null where bits are left that are no padding.</returns>
    private static byte[]? Regroup(ReadOnlySpan<byte> data, int from, int to, bool isPadded)
    {
        List<byte> groups = [];
        var (bits, count) = (0u, 0);
        foreach (var value in data)
        {
            bits = (bits << from) | value;
            count += from;
            while (count >= to)
            {
                count -= to;
                groups.Add((byte)((bits >> count) & ((1u << to) - 1)));
            }
        }

        var rest = bits & ((1u << count) - 1);
        if (isPadded && count > 0)
        {
            groups.Add((byte)(rest << (to - count)));
        }

        return !isPadded && (count >= from || rest != 0) ? null : [.. groups];
    }
}
