using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace WgHub.WireGuard;

/// <summary>Ports of TCP or UDP, both ends among them.</summary>
internal readonly record struct PortRange(int First, int Last)
{
    public const string Rule = "Ports and ranges by comma, such as 22,8006,9000-9100: at most 15.";

    private const int Most = 15;

    public bool Contains(int port) => port >= First && port <= Last;

    /// <summary>Reads <c>22,8006,9000-9100</c>; nothing for an empty text.</summary>
    /// <param name="ports">In order, those that touch or overlap as one.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out IReadOnlyList<PortRange>? ports)
    {
        ports = null;
        List<PortRange> parsed = [];
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries) is [""] ? [] : text!.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !TryParsePort(ends[0], out var first) || !TryParsePort(ends[^1], out var last) || first > last)
            {
                return false;
            }

            parsed.Add(new(first, last));
        }

        ports = Joined(parsed);
        return ports.Count <= Most;
    }

    public static string ToText(IEnumerable<PortRange> ports) => string.Join(',', ports);

    public override string ToString() => First == Last ? Number(First) : $"{Number(First)}-{Number(Last)}";

    /// <summary>nft refuses a set whose members overlap.</summary>
    private static List<PortRange> Joined(IEnumerable<PortRange> ports)
    {
        List<PortRange> joined = [];
        foreach (var range in ports.OrderBy(range => range.First))
        {
            if (joined.Count > 0 && range.First <= joined[^1].Last + 1)
            {
                joined[^1] = joined[^1] with { Last = Math.Max(joined[^1].Last, range.Last) };
            }
            else
            {
                joined.Add(range);
            }
        }

        return joined;
    }

    private static bool TryParsePort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535 && Number(port) == text;

    private static string Number(int port) => port.ToString(CultureInfo.InvariantCulture);
}
