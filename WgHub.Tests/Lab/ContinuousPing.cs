using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>An echo every 50 ms, each with its number: a tunnel that was cut, however shortly, shows as numbers without an answer.</summary>
internal sealed partial class ContinuousPing(string[] command, string logFile) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ShellProcess _process = ShellProcess.Start(command, logFile, new Dictionary<string, string>());

    /// <summary>Waits for that many further answers, so that what happens next happens to a tunnel in use.</summary>
    public async Task AnswersAsync(int count, CancellationToken cancel)
    {
        var before = Answered().Count;
        if (!await Eventually.TrueAsync(() => Answered().Count >= before + count, Limit, cancel))
        {
            throw new TimeoutException($"Of {count} answers {Answered().Count - before} came within {Limit}.");
        }
    }

    /// <returns>The numbers of the echoes that were never answered. The last one may still have been on its way.</returns>
    public async Task<IReadOnlyList<int>> StopAsync(CancellationToken cancel)
    {
        (await Shell.RunAsync(["kill", "-s", "INT", $"{_process.Id}"], cancel)).OrThrow();
        await _process.WaitForExitAsync(Limit, cancel);
        var sent = int.Parse(Summary().Match(await File.ReadAllTextAsync(logFile, cancel)).Groups[1].Value);
        return [.. Enumerable.Range(1, sent - 1).Except(Answered())];
    }

    /// <summary>The numbers of the echoes that were answered.</summary>
    public IReadOnlyList<int> AnsweredNumbers => [.. Answered()];

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private HashSet<int> Answered() =>
        File.Exists(logFile) ? [.. Answer().Matches(File.ReadAllText(logFile)).Select(match => int.Parse(match.Groups[1].Value))] : [];

    [GeneratedRegex(@"bytes from .* icmp_seq=(\d+) ")]
    private static partial Regex Answer();

    [GeneratedRegex(@"^(\d+) packets transmitted", RegexOptions.Multiline)]
    private static partial Regex Summary();
}
