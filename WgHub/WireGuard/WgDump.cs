using System.Buffers.Text;
using System.Text;

namespace WgHub.WireGuard;

/// <summary>One peer as the interface has it: a line of <c>wg show INTERFACE dump</c>, see wg(8). It looks into the dump's own bytes.</summary>
internal readonly ref struct WgPeerLine
{
    public required PublicKey Key { get; init; }

    /// <summary>44 characters of base64; empty for none. A secret: compare it, do not keep it.</summary>
    public required ReadOnlySpan<byte> PresharedKey { get; init; }

    /// <summary>Address and port the peer was last seen at; empty for never.</summary>
    public required ReadOnlySpan<byte> Endpoint { get; init; }

    /// <summary>Comma-separated CIDR blocks, in the order the interface gives them; empty for none.</summary>
    public required ReadOnlySpan<byte> AllowedIPs { get; init; }

    /// <summary>Unix time in seconds; 0 for never.</summary>
    public required long LatestHandshakeSeconds { get; init; }

    /// <summary>Bytes since this peer was put on this interface.</summary>
    public required long ReceivedBytes { get; init; }

    /// <inheritdoc cref="ReceivedBytes"/>
    public required long SentBytes { get; init; }
}

/// <summary>Walks the peers of a dump without copying it.</summary>
internal ref struct WgDump(ReadOnlySpan<byte> dump)
{
    private ReadOnlySpan<byte> _rest = AfterLine(dump);
    private readonly ReadOnlySpan<byte> _interface = Line(dump);
    private WgPeerLine _current;

    public readonly WgPeerLine Current => _current;

    /// <summary>The interface's own public key; null when it has none.</summary>
    /// <remarks>The field before it is the private key: it is never read here.</remarks>
    public readonly PublicKey? InterfaceKey =>
        Field(_interface, 1) is var text && PublicKey.TryParse(text, out var key) ? key : null;

    /// <summary>UDP port; 0 when not set.</summary>
    public readonly int ListenPort => Utf8Parser.TryParse(Field(_interface, 2), out int port, out _) ? port : 0;

    /// <summary>Goes to the next peer.</summary>
    /// <exception cref="FormatException">A line has not the fields that wg(8) documents.</exception>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var line = Line(_rest);
        _rest = AfterLine(_rest);
        _current = Parse(line);
        return true;
    }

    private static WgPeerLine Parse(ReadOnlySpan<byte> line)
    {
        // public-key, preshared-key, endpoint, allowed-ips, latest-handshake, transfer-rx, transfer-tx, persistent-keepalive
        Span<Range> fields = stackalloc Range[9];
        return line.Split('\t', fields) == 8
            && PublicKey.TryParse(line[fields[0]], out var key)
            && TryNumber(line[fields[4]], out var handshake)
            && TryNumber(line[fields[5]], out var received)
            && TryNumber(line[fields[6]], out var sent)
            ? new()
            {
                Key = key,
                PresharedKey = IsNone(line[fields[1]]) ? [] : line[fields[1]],
                Endpoint = IsNone(line[fields[2]]) ? [] : line[fields[2]],
                AllowedIPs = IsNone(line[fields[3]]) ? [] : line[fields[3]],
                LatestHandshakeSeconds = handshake,
                ReceivedBytes = received,
                SentBytes = sent,
            }
            : throw new FormatException("A line of wg's dump has not the eight fields of a peer.");
    }

    private static bool IsNone(ReadOnlySpan<byte> field) => field.SequenceEqual("(none)"u8);

    private static bool TryNumber(ReadOnlySpan<byte> field, out long number) =>
        Utf8Parser.TryParse(field, out number, out var used) && used == field.Length && number >= 0;

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, int index)
    {
        Span<Range> fields = stackalloc Range[5];
        return line.Split('\t', fields) > index ? line[fields[index]] : [];
    }

    private static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> text) =>
        text.IndexOf((byte)'\n') is var end && end >= 0 ? text[..end] : text;

    private static ReadOnlySpan<byte> AfterLine(ReadOnlySpan<byte> text) =>
        text.IndexOf((byte)'\n') is var end && end >= 0 ? text[(end + 1)..] : [];
}

internal static class ByteSplitting
{
    /// <summary>
    /// As <see cref="MemoryExtensions.Split(ReadOnlySpan{char}, Span{Range}, char, StringSplitOptions)"/>, for UTF-8: the last range takes the
    /// rest.
    /// </summary>
    public static int Split(this ReadOnlySpan<byte> text, char separator, Span<Range> parts)
    {
        var start = 0;
        for (var count = 0; count < parts.Length; count++)
        {
            var length = count == parts.Length - 1 ? -1 : text[start..].IndexOf((byte)separator);
            if (length < 0)
            {
                parts[count] = start..text.Length;
                return count + 1;
            }

            parts[count] = start..(start + length);
            start += length + 1;
        }

        return parts.Length;
    }

    public static string ToText(this ReadOnlySpan<byte> ascii) => Encoding.ASCII.GetString(ascii);
}
