using System.Collections.Concurrent;
using WgHub.Hosting;

namespace WgHub.Features.Backup;

/// <summary>What failed, for people.</summary>
internal sealed record BackupFailure(DateTimeOffset At, string Sentence);

/// <summary>How it stands with the backups since the start.</summary>
internal sealed class BackupState
{
    private readonly ConcurrentQueue<string> _fresh = new();

    /// <summary>Wakes who runs what is to be run after a backup.</summary>
    public Signal Made { get; } = new();

    /// <summary>Of the last try to make one; null when it succeeded.</summary>
    public BackupFailure? Failure { get; private set; }

    /// <summary>Of the last run after one; null when it succeeded.</summary>
    public BackupFailure? AfterFailure { get; private set; }

    public void Succeeded(string file)
    {
        Failure = null;
        _fresh.Enqueue(file);
        Made.Set();
    }

    /// <returns>True when it is the first one, or fails for another reason than before: a night of tries is one entry in the log.</returns>
    public bool Failed(DateTimeOffset at, string sentence)
    {
        var isNew = Failure?.Sentence != sentence;
        Failure = new(at, sentence);
        return isNew;
    }

    public bool TryTakeFresh([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? file) => _fresh.TryDequeue(out file);

    public void AfterRan(BackupFailure? failure) => AfterFailure = failure;
}
