using System.Threading.Channels;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>The changes that wait for the interface of one hub. One reader takes them, in batches.</summary>
internal sealed class PeerChangeQueue
{
    private const int BatchLimit = 500;

    private readonly Channel<PeerChange> _waiting = Channel.CreateUnbounded<PeerChange>(new() { SingleReader = true });
    private readonly Lock _lock = new();
    private readonly Dictionary<PublicKey, int> _pending = [];
    private readonly HashSet<PublicKey> _back = [];

    /// <returns>Completes when the interface agrees about these keys.</returns>
    public Task Add(IReadOnlyCollection<PublicKey> keys)
    {
        var change = new PeerChange(keys);
        lock (_lock)
        {
            foreach (var key in keys)
            {
                _pending[key] = _pending.GetValueOrDefault(key) + 1;
            }
        }

        _waiting.Writer.TryWrite(change);
        return change.Applied;
    }

    /// <returns>Completes when all of the hub's machine agrees.</returns>
    public Task AddAll()
    {
        var change = new PeerChange([]) { IsOfAll = true };
        _waiting.Writer.TryWrite(change);
        return change.Applied;
    }

    /// <summary>True while a change of this key waits or is being applied: the interface may lag behind the database without being wrong.</summary>
    public bool IsPending(PublicKey key)
    {
        lock (_lock)
        {
            return _pending.ContainsKey(key);
        }
    }

    /// <summary>A spoke is let in again: its machine may go on with a session that the interface has forgotten. Before its change is added.</summary>
    public void NoteBack(PublicKey key)
    {
        lock (_lock)
        {
            _back.Add(key);
        }
    }

    /// <returns>Those that were noted since the last call, and are on the interface by now.</returns>
    public HashSet<PublicKey> TakeBack()
    {
        lock (_lock)
        {
            HashSet<PublicKey> applied = [.. _back.Where(key => !_pending.ContainsKey(key))];
            _back.ExceptWith(applied);
            return applied;
        }
    }

    /// <summary>Waits for a change, then takes all that wait, up to a batch.</summary>
    public async Task<IReadOnlyList<PeerChange>> TakeAsync(CancellationToken cancellationToken)
    {
        List<PeerChange> batch = [await _waiting.Reader.ReadAsync(cancellationToken)];
        while (batch.Count < BatchLimit && _waiting.Reader.TryRead(out var change))
        {
            batch.Add(change);
        }

        return batch;
    }

    /// <summary>Tells those who wait how it went.</summary>
    /// <param name="failure">Null when the interface now agrees.</param>
    public void Finish(IReadOnlyList<PeerChange> batch, Exception? failure)
    {
        lock (_lock)
        {
            foreach (var key in batch.SelectMany(change => change.Keys))
            {
                if (--_pending[key] == 0)
                {
                    _pending.Remove(key);
                }
            }
        }

        foreach (var change in batch)
        {
            change.Finish(failure);
        }
    }
}

/// <summary>One wish that the interface agree with the database about some keys.</summary>
internal sealed class PeerChange(IReadOnlyCollection<PublicKey> keys)
{
    private readonly TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyCollection<PublicKey> Keys { get; } = keys;

    /// <summary>True for a wish that everything agree, the keys and what else there is.</summary>
    public bool IsOfAll { get; init; }

    public Task Applied => _applied.Task;

    public void Finish(Exception? failure)
    {
        if (failure is null)
        {
            _applied.SetResult();
            return;
        }

        _applied.SetException(failure);
        _ = _applied.Task.Exception; // the caller may have gone; that is no unobserved failure
    }
}
