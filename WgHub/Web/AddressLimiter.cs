using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace WgHub.Web;

/// <summary>
/// Counts requests by address, or by another name of who calls, in a table of fixed size: a flood from a million addresses costs no memory and no timer.
/// An IPv6 caller is counted by its /64, which one machine has, and by its /48, which one site has, with ten times the share.
/// </summary>
/// <param name="limit">Requests that one address may make in a window; 0 for no limit.</param>
internal sealed class AddressLimiter(int limit, TimeSpan window, TimeProvider time)
{
    private const int Buckets = 1 << 14;
    private const int Ways = 4;
    private const int MachineBytes = 8;
    private const int SiteBytes = 6;
    private const int MachinesOfSite = 10;

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

        // The machine first: one that asks too often does not use its neighbours' share up.
        Span<byte> bytes = stackalloc byte[16];
        var hasSite = Read(address, ref bytes);
        return TryTake(bytes, limit, out retryAfter) && (!hasSite || TryTake(bytes[..SiteBytes], limit * MachinesOfSite, out retryAfter));
    }

    /// <summary>Takes back what was counted just now.</summary>
    public void GiveBack(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        var hasSite = Read(address, ref bytes);
        GiveBack(bytes);
        if (hasSite)
        {
            GiveBack(bytes[..SiteBytes]);
        }
    }

    /// <summary>Counts what is no address, such as a session or a name that somebody typed.</summary>
    /// <inheritdoc cref="TryTake(IPAddress, out TimeSpan)"/>
    public bool TryTake(string who, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        return limit == 0 || TryTake(SHA256.HashData(Encoding.UTF8.GetBytes(who)).AsSpan(0, MachineBytes), limit, out retryAfter);
    }

    /// <summary>What one machine has for itself: an IPv4 address, or the /64 of an IPv6 one.</summary>
    public static IPAddress MachineOf(IPAddress? address)
    {
        var plain = Plain(address);
        return plain.AddressFamily == AddressFamily.InterNetworkV6 ? new([.. plain.GetAddressBytes().Take(MachineBytes), .. new byte[MachineBytes]]) : plain;
    }

    private static IPAddress Plain(IPAddress? address) =>
        address is null ? IPAddress.None : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <param name="bytes">Where the machine's bytes are put; cut to their length.</param>
    /// <returns>True when its first bytes are a site's.</returns>
    private static bool Read(IPAddress? address, ref Span<byte> bytes)
    {
        var plain = Plain(address);
        plain.TryWriteBytes(bytes, out var length);
        bytes = bytes[..Math.Min(length, MachineBytes)];
        return plain.AddressFamily == AddressFamily.InterNetworkV6;
    }

    private void GiveBack(ReadOnlySpan<byte> network)
    {
        if (limit == 0)
        {
            return;
        }

        var key = KeyOf(network);
        lock (StripeOf(key))
        {
            Find(key).Window.GiveBack();
        }
    }

    private bool TryTake(ReadOnlySpan<byte> network, int share, out TimeSpan retryAfter)
    {
        var key = KeyOf(network);
        lock (StripeOf(key))
        {
            return Find(key).Window.TryTake(share, window, time.GetUtcNow(), out retryAfter);
        }
    }

    private static int BucketOf(ulong key) => (int)((key >> 32) % Buckets); // not by its lowest bit, which is always set

    private Lock StripeOf(ulong key) => _stripes[BucketOf(key) % _stripes.Length];

    /// <summary>The network's slot, else the one that was used longest ago, and least: who floods is not forgotten for others.</summary>
    private ref Slot Find(ulong key)
    {
        var ways = _slots.AsSpan(BucketOf(key) * Ways, Ways);
        var oldest = 0;
        for (var i = 0; i < ways.Length; i++)
        {
            if (ways[i].Key == key)
            {
                return ref ways[i];
            }

            if ((ways[i].Window.Number, ways[i].Window.Weight).CompareTo((ways[oldest].Window.Number, ways[oldest].Window.Weight)) < 0)
            {
                oldest = i;
            }
        }

        ways[oldest] = new() { Key = key };
        return ref ways[oldest];
    }

    /// <summary>Seeded, so that nobody can choose addresses that share a bucket.</summary>
    private ulong KeyOf(ReadOnlySpan<byte> network)
    {
        Span<byte> input = stackalloc byte[_seed.Length + MachineBytes];
        _seed.CopyTo(input);
        network.CopyTo(input[_seed.Length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..(_seed.Length + network.Length)], hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) | 1; // 0 is an empty slot
    }

    private struct Slot
    {
        public ulong Key;
        public SlidingWindow Window;
    }
}
