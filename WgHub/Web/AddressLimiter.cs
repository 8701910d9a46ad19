using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;

namespace WgHub.Web;

/// <summary>
/// Counts requests by address in a table of fixed size: a flood from a million addresses costs no memory and no timer.
/// An IPv6 caller is counted by its /64. Windows slide: the last one counts for the part of it that is still near.
/// </summary>
/// <param name="limit">Requests that one address may make in a window; 0 for no limit.</param>
internal sealed class AddressLimiter(int limit, TimeSpan window, TimeProvider time)
{
    private const int Buckets = 1 << 14;
    private const int Ways = 4;

    private readonly Slot[] _slots = limit > 0 ? new Slot[Buckets * Ways] : [];
    private readonly Lock[] _stripes = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];
    private readonly byte[] _seed = RandomNumberGenerator.GetBytes(16);

    /// <returns>False when the address has had its share; then <paramref name="retryAfter"/> tells when it may come again.</returns>
    public bool TryTake(IPAddress? address, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        if (limit == 0)
        {
            return true;
        }

        var key = KeyOf(address ?? IPAddress.None);
        var bucket = (int)(key % Buckets);
        var now = time.GetUtcNow().UtcTicks;
        lock (_stripes[bucket % _stripes.Length])
        {
            ref var slot = ref Find(_slots.AsSpan(bucket * Ways, Ways), key);
            slot.Roll(now / window.Ticks);
            var into = now % window.Ticks / (double)window.Ticks;
            var used = (slot.Last * (1 - into)) + slot.Current;
            if (used + 1 <= limit)
            {
                slot.Current++;
                return true;
            }

            // Until enough of the last window has slid away; when this one alone is full, until it is the last one and has begun to.
            var wait = slot.Current >= limit ? 1 - into + (1.0 / limit) : (used + 1 - limit) / Math.Max(slot.Last, 1);
            retryAfter = TimeSpan.FromTicks((long)(wait * window.Ticks) + TimeSpan.TicksPerSecond);
            return false;
        }
    }

    /// <summary>The address's slot, else the one that was used longest ago.</summary>
    private static ref Slot Find(Span<Slot> ways, ulong key)
    {
        var oldest = 0;
        for (var i = 0; i < ways.Length; i++)
        {
            if (ways[i].Key == key)
            {
                return ref ways[i];
            }

            if (ways[i].Window < ways[oldest].Window)
            {
                oldest = i;
            }
        }

        ways[oldest] = new() { Key = key };
        return ref ways[oldest];
    }

    /// <summary>Seeded, so that nobody can choose addresses that share a bucket.</summary>
    private ulong KeyOf(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Span<byte> input = stackalloc byte[32];
        _seed.CopyTo(input);
        plain.TryWriteBytes(input[16..], out var length);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..(16 + Math.Min(length, 8))], hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) | 1; // 0 is an empty slot
    }

    private struct Slot
    {
        public ulong Key;
        public long Window;
        public int Current;
        public int Last;

        public void Roll(long window)
        {
            if (Window != window)
            {
                (Last, Current, Window) = (Window == window - 1 ? Current : 0, 0, window);
            }
        }
    }
}
