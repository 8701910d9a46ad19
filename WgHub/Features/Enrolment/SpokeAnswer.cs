using WgHub.Features.Hub;
using WgHub.Features.Networks;
using WgHub.Features.Scripts;

namespace WgHub.Features.Enrolment;

/// <summary>What a machine is told that has registered.</summary>
internal sealed class SpokeAnswer(RouterSnippet snippets, HubStore hubs, NetworkStore networks, TimeProvider time)
{
    public RegisteredDto ToDto(Registered registered) =>
        RegisteredDto.From(hubs.Required(), registered, time.GetUtcNow()) with { Gateway = DutyOf(registered) };

    /// <summary>What its device is given to read.</summary>
    public string TextFor(OwnKeyDevice device, Registered registered) =>
        snippets.Render(device.Id, TunnelOf(registered));

    private TunnelFacts TunnelOf(Registered registered)
    {
        var duty = DutyOf(registered);
        return hubs.Required().TunnelOf(registered.Spoke, registered.PresharedKey) with { Behind = duty.Networks, Masqueraded = duty.Masquerade };
    }

    private GatewayDuty DutyOf(Registered registered) => GatewayDuty.Of(networks.Behind(registered.Spoke.Id));
}
