using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using WgHub.Web;

namespace WgHub.Features.Metrics;

/// <summary>Who may read the metrics: whoever has a viewer's role, and the addresses that the settings name.</summary>
internal sealed class MetricsAccess(IOptions<MetricsOptions> options) : AuthorizationHandler<MetricsAccess.Requirement>
{
    public const string Policy = "metrics";

    private readonly System.Net.IPNetwork[] _allowed = [.. WebOptions.NetworksIn(options.Value.AllowedAddresses).Select(item => item.Network!.Value)];

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Requirement requirement)
    {
        if (context.User.May(Roles.Viewer) || WebOptions.Include(_allowed, (context.Resource as HttpContext)?.Connection.RemoteIpAddress))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    internal sealed class Requirement : IAuthorizationRequirement;
}
