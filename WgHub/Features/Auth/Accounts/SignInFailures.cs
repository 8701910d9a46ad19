using WgHub.Features.Audit;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Auth.Accounts;

/// <summary>
/// Bounds what strangers write: of the sign-ins that fail for one reason at one account, or at names that nobody has, ten are in the audit
/// log at once, then one a minute; how many others there were, one entry a minute says.
/// </summary>
internal sealed class SignInFailures(Database database, TimeProvider time, ILogger<SignInFailures> logger)
    : Loop(TimeSpan.FromMinutes(1), new(), time, logger)
{
    private const int AtOnce = 10;

    private readonly TimeProvider _time = time;
    private readonly Lock _lock = new();

    /// <summary>By account, or none, and reason, which is one of a few dozens: no larger than a few times the table of accounts.</summary>
    private readonly Dictionary<(string? UserId, string Why), Bucket> _buckets = [];

    /// <returns>False: it is to be counted, and not written.</returns>
    public bool Admit(User? user, string why)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            if (!_buckets.TryGetValue((user?.Id, why), out var bucket))
            {
                _buckets[(user?.Id, why)] = bucket = new() { User = user, Left = AtOnce, At = now };
            }

            bucket.Left = Math.Min(AtOnce, bucket.Left + Math.Max(0, (now - bucket.At).TotalMinutes));
            bucket.At = now;
            if (bucket.Left < 1)
            {
                bucket.Counted++;
                return false;
            }

            bucket.Left--;
            return true;
        }
    }

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        List<(User? User, string Why, int Count)> counted = [];
        lock (_lock)
        {
            foreach (var ((_, why), bucket) in _buckets.Where(pair => pair.Value.Counted > 0))
            {
                counted.Add((bucket.User, why, bucket.Counted));
                bucket.Counted = 0;
            }
        }

        if (counted.Count > 0)
        {
            await database.WriteAsync(
                tx => counted.ForEach(more => Tell(tx, more.User, null, ("why", more.Why), ("count", $"{more.Count}"))), cancellationToken);
        }
    }

    public static void Tell(Tx tx, User? user, string? address, params ReadOnlySpan<(string Name, string? Value)> facts) =>
        tx.As(new Actor(user?.ActorName ?? "anonymous", address)).Audit(AuditEvents.SignInFailed, user?.Subject ?? Subject.None, facts);

    private sealed class Bucket
    {
        public required User? User { get; init; }

        public required double Left { get; set; }

        public required DateTimeOffset At { get; set; }

        public int Counted { get; set; }
    }
}
