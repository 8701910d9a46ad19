using System.Security.Cryptography;
using WgHub.Features.Audit;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Tls.Acme;

/// <summary>What is remembered of the authority: the account's key, the certificate, and how the last order went. Each with its audit entry.</summary>
internal sealed class AcmeOrders(Database database, CertificateStore certificates, AcmeOrderStore store, TimeProvider time)
{
    private const string CertificateName = "acme";
    private const string AccountName = "acme-account";

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMinutes(1);

    public AcmeOrder? Last => store.Last;

    /// <summary>The certificate that an authority gave; null when there is none.</summary>
    public CertificatePair? Certificate =>
        certificates.Find(CertificateName) is { } kept ? CertificatePair.FromPem(kept.Chain, kept.Key) : null;

    /// <summary>The key of the account; made when there is none.</summary>
    public async Task<AcmeAccountKey> AccountKeyAsync(CancellationToken cancellationToken)
    {
        if (certificates.Find(AccountName) is { } kept)
        {
            return AcmeAccountKey.FromPem(kept.Key);
        }

        var key = AcmeAccountKey.Create();
        await database.WriteAsync(tx => certificates.Save(tx, AccountName, "", key.ToPem()), cancellationToken);
        return key;
    }

    /// <summary>
    /// Remembers a failure before anything is asked: a hub that dies over its order and is started again and again does not use up the
    /// authority's limits.
    /// </summary>
    public async Task<AcmeOrder> BeginAsync(AcmeWish wish, CancellationToken cancellationToken)
    {
        var failures = Last is { } last && last.IsFor(wish) ? last.Failures + 1 : 1;
        var now = time.GetUtcNow();
        var order =
            new AcmeOrder(
                wish.Directory, AcmeOrder.NamesOf(wish), failures, now, now + AcmeSchedule.WaitAfter(failures),
                "The hub was ended while it asked the authority.", null);
        await database.WriteAsync(tx => store.Save(tx, order), cancellationToken);
        return order;
    }

    /// <summary>The hub is being stopped: that is nobody's failure.</summary>
    public Task TakeBackAsync(AcmeOrder order) =>
        database.WriteAsync(tx => store.Save(tx, order with { Failures = order.Failures - 1, NextAt = order.TriedAt }), CancellationToken.None);

    /// <param name="chain">PEM, the certificate first.</param>
    public async Task<CertificatePair> SucceedAsync(AcmeOrder order, string chain, ECDsa key, CancellationToken cancellationToken)
    {
        var pem = new Secret(key.ExportPkcs8PrivateKeyPem());
        var pair = CertificatePair.FromPem(chain, pem);
        await database.WriteAsync(
            tx =>
            {
                certificates.Save(tx, CertificateName, chain, pem);
                store.Save(tx, order with { Failures = 0, Problem = null });
                Append(tx, AuditEvents.CertificateIssued, order, ("validUntil", UtcText.Of(pair.NotAfter)));
            },
            cancellationToken);
        return pair;
    }

    public Task FailAsync(AcmeOrder order, AcmeException problem, CancellationToken cancellationToken)
    {
        var failed =
            order with { NextAt = order.TriedAt + AcmeSchedule.WaitAfter(order.Failures, problem.RetryAfter), Problem = problem.Message, Said = problem.Said };
        return database.WriteAsync(
            tx =>
            {
                store.Save(tx, failed);
                Append(tx, AuditEvents.CertificateFailed, failed, ("problem", failed.Problem), ("said", failed.Said), ("nextTry", UtcText.Of(failed.NextAt)));
            },
            cancellationToken);
    }

    /// <summary>Makes the next order due now, after a failure.</summary>
    /// <exception cref="AppException">RATE_LIMITED within a minute of the last one.</exception>
    public async Task TryAgainAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Last is not { Failures: > 0 } failed)
        {
            return; // it went well meanwhile
        }

        var now = time.GetUtcNow();
        if (failed.TriedAt + BetweenTries > now)
        {
            throw WebErrors.RateLimited(failed.TriedAt + BetweenTries - now);
        }

        await database.WriteAsync(
            actor,
            tx =>
            {
                store.Save(tx, failed with { NextAt = now });
                Append(tx, AuditEvents.CertificateRetried, failed);
            },
            cancellationToken);
    }

    private static void Append(Tx tx, AuditEvent @event, AcmeOrder order, params ReadOnlySpan<(string, string?)> facts) =>
        tx.Audit(@event, Subject.None, [("names", order.Names), ("authority", order.Directory), .. facts]);
}
