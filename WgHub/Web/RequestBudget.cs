using System.Net;

namespace WgHub.Web;

/// <summary>
/// Memory for requests in hand, from their head to the end of their answer, however slowly the one comes or the other is taken: one budget for
/// all, and a share of it for one address, or one /64. What a trusted proxy speaks for has its own address here.
/// </summary>
internal sealed class RequestBudget
{
    /// <summary>In bytes.</summary>
    public const int OfAll = 64 * 1024 * 1024;

    /// <inheritdoc cref="OfAll"/>
    public const int OfOneAddress = OfAll / 4;

    /// <summary>What a request costs besides its body or its answer: with HTTP/2, a stream with its buffers.</summary>
    public const int OfEach = 16 * 1024;

    /// <summary>While it is worked on and answered. So one address has at most 204 of the <see cref="ConcurrencyLimit"/>'s places.</summary>
    public const int OfAnswer = 64 * 1024;

    private readonly MachineTally _tally = new();
    private long _all;

    /// <summary>In bytes, of all.</summary>
    public long Taken => Interlocked.Read(ref _all);

    public Request Begin(IPAddress? address) => new(this, address);

    private bool TryTake(IPAddress? address, long bytes) => Interlocked.Add(ref _all, bytes) <= OfAll & _tally.Add(address, bytes) <= OfOneAddress;

    private void GiveBack(IPAddress? address, long bytes)
    {
        Interlocked.Add(ref _all, -bytes);
        _tally.Remove(address, bytes);
    }

    /// <summary>One request in hand.</summary>
    internal sealed class Request(RequestBudget budget, IPAddress? address) : IDisposable
    {
        private long _taken;

        /// <returns>False when there is no room for so much; it is held nevertheless, until this is over.</returns>
        public bool TryHold(long bytes)
        {
            var more = OfEach + bytes - _taken;
            _taken += more;
            return budget.TryTake(address, more);
        }

        public void Dispose() => budget.GiveBack(address, _taken);
    }
}
