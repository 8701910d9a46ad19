namespace WgHub.Lab;

/// <summary>Looks over everybody's shoulder: the command lines of all processes of this machine, read again and again, spokes' and hub's alike.</summary>
internal sealed class ProcessWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly HashSet<string> _seen = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _work;

    public ProcessWatch() => _work = Task.Run(WatchAsync);

    /// <returns>Every command line that was seen.</returns>
    public async Task<IReadOnlyCollection<string>> StopAsync()
    {
        await _end.CancelAsync();
        await _work;
        return _seen;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
            {
                _seen.Add(ReadCommandLine(folder));
            }

            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }

    private static string ReadCommandLine(string processFolder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(processFolder, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";  // It has just ended.
        }
    }
}
