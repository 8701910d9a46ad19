using System.Buffers;
using System.Globalization;
using System.Text;
using WgHub.Hosting;

namespace WgHub.Features.Metrics;

/// <summary>
/// Writes the text that Prometheus reads (exposition format 0.0.4). Whole numbers are written whole: other readers, such as Zabbix, take no
/// <c>1.7e9</c> for a number of bytes.
/// </summary>
internal sealed class MetricsText(IBufferWriter<byte> to)
{
    private string _family = "";

    /// <param name="type"><c>gauge</c>, <c>counter</c> or <c>histogram</c>.</param>
    public MetricsText Family(string name, string type, string help)
    {
        _family = name;
        Write($"# HELP {name} {help}\n# TYPE {name} {type}\n");
        return this;
    }

    public MetricsText Value(long value) => Sample("", [], value.ToString(CultureInfo.InvariantCulture));

    /// <summary>At most a millionth of a second, or what it is of.</summary>
    public MetricsText Value(double value) => Sample("", [], Number(value));

    public MetricsText Value(string label, string text, long value) => Sample("", [(label, text)], value.ToString(CultureInfo.InvariantCulture));

    /// <param name="labels">Those of the series, without that of its buckets.</param>
    public void Histogram(IReadOnlyList<(string Name, string Text)> labels, HistogramState state)
    {
        long below = 0;
        foreach (var (bound, count) in state.Bounds.Zip(state.Counts))
        {
            below += count;
            Sample("_bucket", [.. labels, ("le", Number(bound))], below.ToString(CultureInfo.InvariantCulture));
        }

        var all = state.Counts.Sum().ToString(CultureInfo.InvariantCulture);
        Sample("_bucket", [.. labels, ("le", "+Inf")], all);
        Sample("_sum", labels, Number(state.Sum));
        Sample("_count", labels, all);
    }

    private MetricsText Sample(string end, IReadOnlyList<(string Name, string Text)> labels, string value)
    {
        Write(labels.Count == 0
            ? $"{_family}{end} {value}\n"
            : $"{_family}{end}{{{string.Join(',', labels.Select(label => $"{label.Name}=\"{Escaped(label.Text)}\""))}}} {value}\n");
        return this;
    }

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Escaped(string text) => text.AsSpan().IndexOfAny('\\', '"', '\n') < 0
        ? text
        : text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private void Write(string text) => to.Advance(Encoding.UTF8.GetBytes(text, to.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
}
