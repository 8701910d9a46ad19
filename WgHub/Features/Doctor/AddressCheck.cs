using WgHub.Features.Diagnosis;
using WgHub.Features.Hub;
using WgHub.Web;

namespace WgHub.Features.Doctor;

/// <summary>What spokes are told: the hub's address on the web, and where its tunnels end.</summary>
internal sealed class AddressCheck(HubSurroundings surroundings, PublicUrl url) : Check
{
    public override string Name => "addresses";

    public override async Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken) => facts.Hub is not { } hub
        ? []
        : Or([.. await FoundAsync(hub, cancellationToken)], $"Spokes come to {hub.PublicEndpoint}, and install lines name {url.Setting}.");

    private async Task<IEnumerable<DoctorFinding>> FoundAsync(HubConfig hub, CancellationToken cancellationToken)
    {
        List<DoctorFinding> found = [];
        var addresses = await HubSurroundings.EndpointAddressesAsync(hub, cancellationToken);
        if (Diagnoses.Endpoint(hub, addresses, isConnected: false) is { Advice: { } advice } endpoint)
        {
            found.Add(endpoint.Level == FindingLevel.Problem
                ? Failure("ENDPOINT_UNKNOWN", endpoint.What, advice)
                : Warning("ENDPOINT_PRIVATE", endpoint.What, advice));
        }

        if (Diagnoses.Overlap(hub, await surroundings.OverlappingAsync(hub, cancellationToken)) is { Advice: { } renumber } overlap)
        {
            found.Add(Failure("ADDRESS_CLASH", overlap.What, renumber));
        }

        if (url.Setting is null)
        {
            found.Add(Warning(
                "PUBLIC_URL_UNSET",
                "Web:PublicUrl is not set: install lines name the hub as the browser called it that asked for them, which spokes may not reach.",
                "Set Web:PublicUrl to the hub's address as spokes reach it, such as https://vpn.example.com."));
        }

        return found;
    }
}
