using System.Text.RegularExpressions;
using WgHub.WireGuard;

namespace WgHub.Install;

internal static partial class Systemctl
{
    public const string Service = "wghub.service";

    /// <summary>Brings an upgrade to its end.</summary>
    public const string Upgrade = "wghub-upgrade.service";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3); // a stop may take 90 s

    /// <exception cref="WgException">It said no.</exception>
    public static Task RunAsync(CancellationToken cancellationToken, params string[] words) =>
        SystemProgram.RunAsync(Limit, "systemctl", words, cancellationToken);

    /// <summary>For what may be done already, or what is not there: a no is no failure.</summary>
    public static Task TryAsync(CancellationToken cancellationToken, params string[] words) =>
        SystemProgram.AskAsync(Limit, "systemctl", words, cancellationToken);

    /// <returns>The value of a property, empty for none.</returns>
    public static async Task<string> ShowAsync(string unit, string property, CancellationToken cancellationToken) =>
        (await SystemProgram.AskAsync(Limit, "systemctl", ["show", $"--property={property}", "--value", unit], cancellationToken)).Output.Trim();

    /// <summary>The last that a unit's process said, in one line; or else what systemd says of it.</summary>
    /// <param name="since">Unix seconds.</param>
    public static async Task<string> LastWordsAsync(string unit, long since, CancellationToken cancellationToken)
    {
        const int Lines = 3;
        var told = await SystemProgram.AskAsync(
            Limit, "journalctl", ["--quiet", "--no-pager", $"--unit={unit}", $"--since=@{since}", "--lines=50", "--output=short-unix"], cancellationToken);
        var lines = JournalLine().Matches(told.Output).ToLookup(
            line => line.Groups["who"].Value == "systemd", line => SystemProgram.Plain(line.Groups["what"].Value));
        var words = (lines[false].Any() ? lines[false] : lines[true]).Distinct().TakeLast(Lines).ToList();
        return words.Count > 0 ? string.Join(" | ", words) : "it said nothing.";
    }

    [GeneratedRegex(@"^[0-9.]+ \S+ (?<who>[^:\[ ]+)(\[\d+\])?: (?<what>.*\S.*)$", RegexOptions.Multiline)]
    private static partial Regex JournalLine();
}
