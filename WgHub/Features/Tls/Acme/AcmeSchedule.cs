using System.Security.Cryptography.X509Certificates;

namespace WgHub.Features.Tls.Acme;

/// <summary>When the authority is asked. It has limits that a hub in a hurry would run into for a week.</summary>
internal static class AcmeSchedule
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromDays(7);

    /// <param name="last">The last order; null when there was none.</param>
    /// <param name="kept">The certificate that there is; null when there is none.</param>
    public static DateTimeOffset DueAt(AcmeWish wish, AcmeOrder? last, X509Certificate2? kept) => last switch
    {
        null => DateTimeOffset.MinValue,
        _ when !last.IsFor(wish) => DateTimeOffset.MinValue, // the operator has changed what is wanted
        { Failures: > 0 } => last.NextAt,
        _ when kept is null || !AcmeIdentifier.AreOf(kept, wish.Names) => DateTimeOffset.MinValue, // lost
        _ => RenewAt(kept),
    };

    /// <summary>
    /// After two thirds of the certificate's life, and up to a twentieth more: not all hubs of the world at midnight. The same over restarts.
    /// </summary>
    public static DateTimeOffset RenewAt(X509Certificate2 certificate)
    {
        var from = new DateTimeOffset(certificate.NotBefore.ToUniversalTime());
        var life = certificate.NotAfter.ToUniversalTime() - certificate.NotBefore.ToUniversalTime();
        var jitter = certificate.GetCertHash()[0] / 256.0;
        return from + (life * 2 / 3) + (life / 20 * jitter);
    }

    /// <param name="failures">In a row, 1 or more.</param>
    /// <param name="asked">What the authority said, when it said something.</param>
    /// <returns>1 h, 2 h, 4 h … 24 h, or longer when the authority asks for it.</returns>
    public static TimeSpan WaitAfter(int failures, TimeSpan? asked = null)
    {
        var wait = Shorter(ShortestWait * Math.Pow(2, Math.Min(failures - 1, 5)), LongestWait);
        return asked > wait ? Shorter(asked.Value, LongestAsked) : wait;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
