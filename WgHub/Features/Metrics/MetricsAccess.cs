using System.Net;
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
        if (context.User.May(Roles.Viewer) || Includes((context.Resource as HttpContext)?.Connection.RemoteIpAddress))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    private bool Includes(IPAddress? address)
    {
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return plain is not null && Array.Exists(_allowed, network => network.Contains(plain));
    }

    internal sealed class Requirement : IAuthorizationRequirement;
}
