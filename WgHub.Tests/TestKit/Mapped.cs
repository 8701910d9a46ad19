using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using WgHub.Web;

namespace WgHub.TestKit;

/// <summary>What a hub answers to, each page as it is once somebody has asked for it.</summary>
internal static class Mapped
{
    public static async Task<IReadOnlyList<RouteEndpoint>> EndpointsAsync(this TestHub hub)
    {
        var loader = hub.Get<PageLoader>();
        List<RouteEndpoint> all = [];
        foreach (var endpoint in hub.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            all.Add(LazyPages.PageOf(endpoint) is { } page ? (RouteEndpoint)(await loader.LoadAsync(page, endpoint.Metadata)).Endpoint! : endpoint);
        }

        return all;
    }
}
