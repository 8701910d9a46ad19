using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Auth.Local;

/// <summary>
/// Slows down who guesses, and locks nobody out: after three tries that failed the next one counts a second later, then two,
/// four … at most a minute. That is a matter between a caller and a name: what others try at the same name makes nobody wait,
/// until very many of them do. It is the same for names that nobody has, so that it does not tell which ones somebody has;
/// hence a table of fixed size, which a flood of names does not fill.
/// </summary>
internal sealed class SignInBackOff(TimeProvider time)
{
    private const int Free = 3;
    private const int MostCounted = Free + 6;
    private const int Buckets = 1 << 13;
    private const int Ways = 4;

    /// <summary>
    /// Of strangers at one name, from everywhere. Each network has one a minute in the long run: only more than sixty of them fill it, and
    /// then who was let in before still has a slot apart.
    /// </summary>
    private const int MostPerMinute = 60;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly AddressLimiter _names = new(MostPerMinute, TimeSpan.FromMinutes(1), time);

    private readonly Slot[] _slots = new Slot[Buckets * Ways];
    private readonly byte[] _seed = RandomNumberGenerator.GetBytes(16);
    private readonly Lock _lock = new();

    /// <summary>Counts a try as failed before anybody looks at it, so that of many at once few are looked at.</summary>
    /// <param name="kept">
    /// How many have failed at the account as the database holds it: where many have, a caller who comes for the first time after a start has
    /// one try before the waits begin, and not three.
    /// </param>
    /// <returns>How many have failed in a row when this one does.</returns>
    /// <exception cref="AppException">RATE_LIMITED: the try came too soon and was not looked at.</exception>
    public int Take(Guesser who, int kept = 0)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            ref var slot = ref Find(KeyOf(who.Key), kept);

            // Further away than any wait: the clock was set back, which must not lock anybody out.
            if (slot.Until > now && slot.Until - now <= Longest)
            {
                throw AuthErrors.TooManyTries(slot.Until.Value - now);
            }

            if (who.Name is { } name && !_names.TryTake(name, out var wait))
            {
                throw AuthErrors.TooManyTries(wait);
            }

            slot.Count = Math.Min(slot.Count + 1, MostCounted);
            slot.Until = slot.Count < Free ? null : now + Min(TimeSpan.FromSeconds(1 << (slot.Count - Free)), Longest);
            return slot.Count;
        }
    }

    /// <summary>Takes back a try that nobody looked at, or that was right as far as it went.</summary>
    public void Forgive(Guesser who)
    {
        lock (_lock)
        {
            ref var slot = ref Find(KeyOf(who.Key), 0);
            (slot.Count, slot.Until) = (Math.Max(slot.Count - 1, 0), null);
        }
    }

    /// <summary>Somebody has signed in: what failed before is forgotten.</summary>
    public void Forget(Guesser who)
    {
        lock (_lock)
        {
            Find(KeyOf(who.Key), 0) = default;
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>The slot of this key, else that of its bucket which nobody waits for any more, or not for long.</summary>
    private ref Slot Find(ulong key, int kept)
    {
        var ways = _slots.AsSpan((int)(key % Buckets) * Ways, Ways);
        var least = 0;
        for (var i = 0; i < ways.Length; i++)
        {
            if (ways[i].Key == key)
            {
                return ref ways[i];
            }

            if (Nullable.Compare(ways[i].Until, ways[least].Until) < 0)
            {
                least = i;
            }
        }

        ways[least] = new() { Key = key, Count = Math.Min(kept, Free - 1) };
        return ref ways[least];
    }

    /// <summary>Seeded, so that nobody can choose names that share a bucket.</summary>
    private ulong KeyOf(string who)
    {
        var hash = SHA256.HashData([.. _seed, .. Encoding.UTF8.GetBytes(who)]);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) | 1; // 0 is an empty slot
    }

    private struct Slot
    {
        public ulong Key;
        public int Count;
        public DateTimeOffset? Until;
    }
}
