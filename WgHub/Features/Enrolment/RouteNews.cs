using System.Net;
using WgHub.Features.Audit;
using WgHub.Features.Hub;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Enrolment;

/// <summary>Tells a spoke what it is to route, and keeps what it says that it has. A machine that is asked by nobody finds out so.</summary>
internal sealed class RouteNews(Database database, SpokeStore spokes, HubStore hubs)
{
    /// <summary>More than any list of ours comes to.</summary>
    private const int MostTold = 100;

    /// <param name="held">Networks by comma: what its tunnel routes now. Null for a spoke that does not tell.</param>
    /// <param name="from">Where it asks from: its own address in the tunnel.</param>
    /// <returns>What it is to route; empty for a caller that is no spoke.</returns>
    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public async Task<IReadOnlyList<string>> TellAsync(string? held, IPAddress? from, CancellationToken cancellationToken)
    {
        if (database.Read(tx => spokes.FindByTunnel(tx, from)) is not { } spoke)
        {
            return [];
        }

        var routes = hubs.Required().Routes;
        var (wanted, text) = (routes.Of(spoke.WantedRoutes), routes.TextOf(spoke.WantedRoutes));
        var now = string.IsNullOrEmpty(held) ? null : Has(Parse(held), wanted) ? text : held;
        if (now is not null && now != spoke.HeldRoutes)
        {
            await database.WriteAsync(
                tx =>
                {
                    spokes.HoldRoutes(tx, spoke.Id, now);
                    tx.As(Actor.Spoke(spoke.Name, from?.ToString())).Audit(AuditEvents.SpokeRouted, spoke.Subject, ("routes", now));
                },
                cancellationToken);
        }

        return wanted;
    }

    /// <summary>True when these are what is wanted; a machine whose IPv6 is off leaves out what it cannot have.</summary>
    private static bool Has(HashSet<IPNetwork> told, IReadOnlyList<string> wanted)
    {
        var networks = wanted.Select(network => IPNetwork.Parse(network)).ToList();
        return told.SetEquals(networks) || told.SetEquals(networks.Where(network => network.BaseAddress.GetAddressBytes().Length == 4));
    }

    private static HashSet<IPNetwork> Parse(string held)
    {
        var words = held.Split(',');
        return words.Length <= MostTold && words.All(word => word.Length <= 43 && IPNetwork.TryParse(word, out _))
            ? [.. words.Select(word => IPNetwork.Parse(word))]
            : throw WebErrors.Invalid("routes", "Networks by comma.");
    }
}
