namespace WgHub.Features.History;

/// <summary>
/// Points one after the other in few bytes: what is quiet is counted, and takes a byte for up to 32 points; what is not takes a byte and its
/// numbers, seven bits in each byte.
/// </summary>
internal sealed class PackedPoints
{
    private const int KindBits = 3;
    private const int KindMask = (1 << KindBits) - 1;
    private const int LongestRun = 1 << (8 - KindBits);

    private byte[] _bytes = new byte[8];
    private int _length;

    /// <summary>Where the last byte stands that may count one more; -1 for none.</summary>
    private int _run = -1;

    public int Count { get; private set; }

    private enum Kind
    {
        Unseen,
        Away,
        Connected,
        AwayWithBytes,
        ConnectedWithBytes,
        AwayWithLate,
        ConnectedWithLate,
    }

    public void Append(in HistoryPoint point)
    {
        Count++;
        var kind = KindOf(point);
        if (kind <= Kind.Connected)
        {
            AppendQuiet(kind);
            return;
        }

        _run = -1;
        Put((byte)kind);
        PutNumber(point.ReceivedBytes);
        PutNumber(point.SentBytes);
        if (kind >= Kind.AwayWithLate)
        {
            PutNumber(point.LateReceivedBytes);
            PutNumber(point.LateSentBytes);
        }
    }

    /// <summary>Base64: a text is the same to every database.</summary>
    public string ToText() => Convert.ToBase64String(_bytes, 0, _length);

    public IEnumerable<HistoryPoint> Points() => Read(_bytes.AsMemory(0, _length));

    public static string TextOf(IEnumerable<HistoryPoint> points)
    {
        var packed = new PackedPoints();
        foreach (var point in points)
        {
            packed.Append(point);
        }

        return packed.ToText();
    }

    /// <returns>As far as it can be read: of a row that was damaged the rest is as if nobody had looked.</returns>
    public static IEnumerable<HistoryPoint> In(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? Read(bytes.AsMemory(0, length)) : [];
    }

    private static IEnumerable<HistoryPoint> Read(ReadOnlyMemory<byte> bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var (kind, run) = ((Kind)(bytes.Span[at] & KindMask), (bytes.Span[at] >> KindBits) + 1);
            at++;
            if (kind > Kind.Connected)
            {
                yield return ReadPoint(kind, bytes.Span, ref at);
                continue;
            }

            for (; run > 0; run--)
            {
                yield return kind == Kind.Unseen ? default : HistoryPoint.Seen(kind == Kind.Connected, 0, 0);
            }
        }
    }

    private static HistoryPoint ReadPoint(Kind kind, ReadOnlySpan<byte> bytes, ref int at)
    {
        var isConnected = kind is Kind.ConnectedWithBytes or Kind.ConnectedWithLate;
        var point = HistoryPoint.Seen(isConnected, ReadNumber(bytes, ref at), ReadNumber(bytes, ref at));
        return kind >= Kind.AwayWithLate
            ? point.Plus(HistoryPoint.Late(isConnected, ReadNumber(bytes, ref at), ReadNumber(bytes, ref at)))
            : point;
    }

    private static Kind KindOf(in HistoryPoint point)
    {
        var step = point.IsConnected ? 1 : 0;
        return !point.IsSeen ? Kind.Unseen
            : point.LateReceivedBytes > 0 || point.LateSentBytes > 0 ? Kind.AwayWithLate + step
            : point.ReceivedBytes > 0 || point.SentBytes > 0 ? Kind.AwayWithBytes + step
            : Kind.Away + step;
    }

    private void AppendQuiet(Kind kind)
    {
        if (_run >= 0 && (Kind)(_bytes[_run] & KindMask) == kind && _bytes[_run] >> KindBits < LongestRun - 1)
        {
            _bytes[_run] += 1 << KindBits;
            return;
        }

        _run = _length;
        Put((byte)kind);
    }

    private void Put(byte value)
    {
        if (_length == _bytes.Length)
        {
            Array.Resize(ref _bytes, _length * 2);
        }

        _bytes[_length++] = value;
    }

    private void PutNumber(long number)
    {
        for (; number > 0x7f; number >>= 7)
        {
            Put((byte)((number & 0x7f) | 0x80));
        }

        Put((byte)number);
    }

    private static long ReadNumber(ReadOnlySpan<byte> bytes, ref int at)
    {
        long number = 0;
        for (var shift = 0; at < bytes.Length && shift < 63; shift += 7)
        {
            var part = bytes[at++];
            number |= (long)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                break;
            }
        }

        return number;
    }
}
