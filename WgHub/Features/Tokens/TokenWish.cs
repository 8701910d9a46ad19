using System.Net;
using WgHub.Features.Labels;
using WgHub.Features.Leases;
using WgHub.Features.Routes;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Tokens;

/// <summary>What a new token is asked for, checked.</summary>
/// <param name="Addresses">Those that come by themselves where none is named.</param>
/// <param name="Platform">Null for any.</param>
/// <param name="Hours">How long the token is good.</param>
internal sealed record TokenWish(SpokeName Name, AddressWish Addresses, string? Platform, SpokeLabels Labels, DateTimeOffset? SpokeExpiresAt, int Hours)
{
    /// <summary>Null to follow the group.</summary>
    public SpokeRoutes? Routes { get; private init; }

    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public static TokenWish From(CreateToken request)
    {
        var checks = new FieldChecks();
        var labels = SpokeLabels.Parse(checks, request.Group, request.Owner, request.Tags);
        var wish = new TokenWish(
            checks.Required<SpokeName?>("spokeName", request.SpokeName, SpokeName.TryParse, SpokeName.Rule)!,
            new(
                labels.Group,
                checks.OptionalValue<uint>("customIP", request.CustomIP, Ipv4Network.TryParseAddress, AddressWish.Rule),
                checks.Optional<IPAddress>("addressV6", request.AddressV6, Ipv6Address.TryParse!, AddressWish.Rule6)),
            checks.Optional<string>("platform", request.Platform, Platforms.TryParse, $"One of {string.Join(", ", Platforms.All)}."),
            labels,
            checks.OptionalValue<DateTimeOffset>(
                "spokeExpiresAt", request.SpokeExpiresAt, UtcText.TryParse, "A time such as 2027-01-31T12:00:00Z, or nothing for never."),
            checks.Range("expiresInHours", request.ExpiresInHours, 1, TokenService.MaximumHours, TokenService.DefaultHours))
        {
            Routes = SpokeRoutes.Parse(checks, "routes", request.Routes),
        };
        checks.ThrowIfAny();
        return wish;
    }
}
