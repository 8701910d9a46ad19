using System.Globalization;
using System.Text;

namespace WgHub.Bench;

/// <summary>The figures of a run, as two Markdown tables. The last column of each is the one that runs are compared by.</summary>
internal sealed class Report
{
    private static readonly double[] Shares = [0.5, 0.9, 0.99];

    private readonly List<string[]> _latencies =
        [["milliseconds", "n", "best", "p50", "p90", "p99", "floor", "× floor"], ["---", "--:", "--:", "--:", "--:", "--:", "--:", "--:"]];
    private readonly List<string[]> _facts = [["what else", "seen"], ["---", "--:"]];

    /// <param name="floor">Milliseconds that the same takes with no hub in between; null for what has no floor.</param>
    public void Latency(string what, Samples samples, double? floor = null)
    {
        // The slowest of a hundred is only known from a hundred.
        var quantiles = Shares.Select(share => share > 0.5 && samples.Count * (1 - share) < 1 ? "" : Text(samples.Quantile(share)));
        string[] ratio = floor is { } bare ? [Text(bare), string.Create(CultureInfo.InvariantCulture, $"{samples.Median / bare:F1}")] : ["", ""];
        Add(_latencies, [what, $"{samples.Count}", Text(samples.Best), .. quantiles, .. ratio]);
    }

    public void Fact(string what, FormattableString value) => Add(_facts, what, value.ToString(CultureInfo.InvariantCulture));

    public override string ToString() => Render(_ => []);

    /// <summary>The same with one column more: what <paramref name="recorded"/>, the text of another run, has in its last.</summary>
    public string Beside(string recorded)
    {
        var last = recorded.Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(Cells)
            .ToLookup(cells => cells[0], cells => cells[^1]);
        return Render(row => [row == _latencies[0] || row == _facts[0] ? "recorded" : row[0] == "---" ? "--:" : last[row[0]].FirstOrDefault("")]);
    }

    private string Render(Func<string[], string[]> more)
    {
        var text = new StringBuilder();
        foreach (var rows in new[] { _latencies, _facts })
        {
            foreach (var row in rows)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", [.. row, .. more(row)])} |\n");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string[] Cells(string line) => line.Trim()[1..^1].Split('|', StringSplitOptions.TrimEntries);

    private static string Text(double milliseconds) => milliseconds.ToString(milliseconds < 10 ? "F2" : "F0", CultureInfo.InvariantCulture);

    /// <summary>A run takes minutes: whoever waits sees each figure as it comes.</summary>
    private static void Add(List<string[]> rows, params string[] row)
    {
        rows.Add(row);
        Console.Error.WriteLine(string.Join("  ", row));
    }
}
