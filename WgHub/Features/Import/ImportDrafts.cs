using System.Security.Cryptography;

namespace WgHub.Features.Import;

/// <summary>Exports that were read and wait for somebody's decision: in memory alone, since they hold keys, few of them, and not for long.</summary>
internal sealed class ImportDrafts(TimeProvider time)
{
    private const int Most = 4;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    private readonly Lock _lock = new();
    private List<Draft> _drafts = [];

    /// <returns>The id to find it by, that nobody guesses.</returns>
    public string Keep(ImportSource source)
    {
        var draft = new Draft(RandomNumberGenerator.GetHexString(32, lowercase: true), source, time.GetUtcNow() + Life);
        lock (_lock)
        {
            _drafts = [.. _drafts.Where(IsFresh).TakeLast(Most - 1), draft];
        }

        return draft.Id;
    }

    /// <exception cref="Web.AppException">VALIDATION_FAILED: it is gone.</exception>
    public ImportSource Find(string? id)
    {
        lock (_lock)
        {
            _drafts = [.. _drafts.Where(IsFresh)];
            return _drafts.FirstOrDefault(draft => draft.Id == id)?.Source ?? throw ImportErrors.Gone();
        }
    }

    public void Forget(string? id)
    {
        lock (_lock)
        {
            _drafts = [.. _drafts.Where(draft => draft.Id != id)];
        }
    }

    private bool IsFresh(Draft draft) => draft.Until > time.GetUtcNow();

    private sealed record Draft(string Id, ImportSource Source, DateTimeOffset Until);
}
