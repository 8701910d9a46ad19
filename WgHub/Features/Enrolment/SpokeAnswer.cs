using WgHub.Features.Hub;
using WgHub.Features.Scripts;

namespace WgHub.Features.Enrolment;

/// <summary>What a machine is told that has registered.</summary>
internal sealed class SpokeAnswer(RouterSnippet snippets, HubStore hubs, TimeProvider time)
{
    public RegisteredDto ToDto(Registered registered) => RegisteredDto.From(hubs.Required(), registered, time.GetUtcNow());

    /// <summary>What its device is given to read.</summary>
    public string TextFor(OwnKeyDevice device, Registered registered) =>
        snippets.Render(device.Id, hubs.Required().TunnelOf(registered.Spoke, registered.PresharedKey));
}
