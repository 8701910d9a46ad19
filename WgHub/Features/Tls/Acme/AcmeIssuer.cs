using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using WgHub.Web;

namespace WgHub.Features.Tls.Acme;

/// <summary>Gets a certificate with a new key, by one challenge or, when its proof fails, by the other.</summary>
internal sealed class AcmeIssuer(AcmeOrders orders, AcmeChallenges challenges, IServer server, TimeProvider time, IOptions<AcmeOptions> options)
{
    /// <returns>The chain in PEM.</returns>
    /// <exception cref="AcmeException">No certificate, and why.</exception>
    public async Task<string> IssueAsync(ECDsa key, CancellationToken cancellationToken)
    {
        using var http = AcmeHttp.Create(options.Value.AcmeCaFile);
        using var account = await orders.AccountKeyAsync(cancellationToken);
        var client = new AcmeClient(http, account, challenges, time);
        var kinds = ChallengeKind.For(ControlSocket.OfNetwork(server.Features.Get<IServerAddressesFeature>()!.Addresses));
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
