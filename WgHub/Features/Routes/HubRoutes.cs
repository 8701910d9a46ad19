using System.Net;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Routes;

/// <summary>What each choice comes to on one hub.</summary>
/// <param name="Own">The hub's own addresses, and what it names for DNS in its network, with full prefix: a spoke that has a tunnel can ask it.</param>
/// <param name="Network">Its network: IPv4, then IPv6 where it has that.</param>
/// <param name="Endpoint">Where spokes reach it from outside; null when that is a name.</param>
internal sealed record HubRoutes(IReadOnlyList<string> Own, IReadOnlyList<string> Network, IPAddress? Endpoint)
{
    /// <summary>Both families, also of a hub without IPv6: what it has no way for shall be refused, and not leave beside the tunnel.</summary>
    public static readonly IReadOnlyList<string> Everything = ["0.0.0.0/0", "::/0"];

    /// <summary>What a spoke is told, each network once.</summary>
    public IReadOnlyList<string> Of(SpokeRoutes routes) => [.. TextOf(routes).Split(',').Distinct()];

    /// <summary>The same as one text, as it is kept when a machine has it; <see cref="IsBehind"/> says it in SQL.</summary>
    public string TextOf(SpokeRoutes routes) => string.Join(
        ',', routes == SpokeRoutes.Hub ? Own : routes == SpokeRoutes.Network ? Network : routes == SpokeRoutes.All ? Everything : [.. Own, .. routes.Networks]);

    /// <summary>The condition on <c>spokes</c> for a machine that is known to have others than it should.</summary>
    public SqlPart IsBehind()
    {
        var chosen = SqlPart.Of($"coalesce(spokes.routes, {GroupStore.RoutesOfSpoke}, 'network')");
        var own = string.Join(',', Own);
        return SqlPart.Of(
            $"""
            spokes.held_routes is not null and spokes.held_routes <> (case {chosen} when 'hub' then {own} when 'network' then {string.Join(',', Network)}
                when 'all' then {string.Join(',', Everything)} else {own + ","} || {chosen} end)
            """);
    }

    /// <exception cref="AppException">VALIDATION_FAILED when the tunnel would lead into itself.</exception>
    public void Check(string field, SpokeRoutes? routes)
    {
        if (Endpoint is { } endpoint && routes?.Networks.FirstOrDefault(network => IPNetwork.Parse(network).Contains(endpoint)) is { } network)
        {
            throw WebErrors.Invalid(field, $"{network} holds {endpoint}, where spokes reach the hub: the tunnel would lead into itself. Everything (all) can.");
        }
    }
}

/// <summary>This hub's, which its room above knows.</summary>
internal sealed class OwnHubRoutes(Func<HubRoutes?> read)
{
    /// <summary>Null before the set-up.</summary>
    public HubRoutes? Now => read();

    /// <inheritdoc cref="HubRoutes.Check"/>
    public SpokeRoutes? Checked(SpokeRoutes? routes, string field = "routes")
    {
        Now?.Check(field, routes);
        return routes;
    }
}
