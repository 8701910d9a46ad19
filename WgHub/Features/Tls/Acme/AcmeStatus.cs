using Microsoft.Extensions.Options;
using WgHub.Storage;

namespace WgHub.Features.Tls.Acme;

/// <summary>How it stands with the authority, for the page.</summary>
/// <param name="Authority">Its host.</param>
/// <param name="IsStaging">Its certificates are for trials: nobody trusts them.</param>
/// <param name="ValidUntil">Of the certificate that it gave; null when there is none.</param>
/// <param name="NextAt">When it is asked next; null for at once.</param>
/// <param name="Last">The last order; null before the first.</param>
internal sealed record AcmeStatus(
    IReadOnlyList<string> Names, string Authority, bool IsStaging, DateTimeOffset? ValidUntil, DateTimeOffset? NextAt, AcmeOrder? Last, DateTimeOffset Now)
{
    /// <summary>The last order when it failed.</summary>
    public AcmeOrder? Failure => Last is { Failures: > 0 } ? Last : null;
}

internal sealed class AcmeStatusReader(AcmeOrders orders, TimeProvider time, IOptions<AcmeOptions> options)
{
    /// <returns>Null when no authority is asked.</returns>
    public AcmeStatus? Read()
    {
        var settings = options.Value;
        if (!settings.IsOn)
        {
            return null;
        }

        var (wish, last, certificate) = (settings.Wish, orders.Last, orders.Certificate);
        var (now, dueAt) = (time.GetUtcNow(), AcmeSchedule.DueAt(wish, last, certificate?.Leaf));
        return new(
            [.. wish.Names.Select(name => name.Value)], new Uri(wish.Directory).Authority, settings.IsStaging, certificate?.NotAfter,
            dueAt > now ? dueAt : null, last?.IsFor(wish) == true ? last : null, now);
    }
}

/// <summary>An administrator has mended what was wrong, and does not want to wait.</summary>
internal sealed class AcmeRetry(AcmeOrders orders, AcmeSignal signal)
{
    /// <exception cref="Web.AppException">RATE_LIMITED within a minute of the last try.</exception>
    public async Task NowAsync(Actor actor, CancellationToken cancellationToken)
    {
        await orders.TryAgainAsync(actor, cancellationToken);
        signal.Set();
    }
}
