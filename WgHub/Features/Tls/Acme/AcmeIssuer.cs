using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace WgHub.Features.Tls.Acme;

/// <summary>Gets a certificate with a new key, by one challenge or by the other.</summary>
internal sealed class AcmeIssuer(AcmeOrders orders, AcmeChallenges challenges, TimeProvider time, IOptions<AcmeOptions> options)
{
    /// <param name="kinds">The likeliest first; the next one when a proof fails.</param>
    /// <returns>The chain in PEM.</returns>
    /// <exception cref="AcmeException">No certificate, and why.</exception>
    public async Task<string> IssueAsync(ECDsa key, IReadOnlyList<ChallengeKind> kinds, CancellationToken cancellationToken)
    {
        using var http = AcmeHttp.Create(options.Value.AcmeCaFile);
        using var account = await orders.AccountKeyAsync(cancellationToken);
        var client = new AcmeClient(http, account, challenges, time);
        List<AcmeException> failures = [];
        foreach (var kind in kinds)
        {
            try
            {
                return await client.OrderAsync(options.Value.Wish, key, kind, cancellationToken);
            }
            catch (AcmeException exception) when (exception.IsOfChallenge)
            {
                failures.Add(exception);
            }
        }

        throw AcmeException.AllOf(failures, kinds);
    }
}
