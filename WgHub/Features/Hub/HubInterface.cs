using Microsoft.Extensions.Options;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>What the hub's interface is called: a hub that is set up has the name in its row, a new one gets it from the setting.</summary>
internal sealed class HubInterface(HubStore hubs, IOptions<WireGuardOptions> options)
{
    public string Name => hubs.Current?.InterfaceName ?? options.Value.Interface ?? WireGuardOptions.UsualInterface;

    /// <summary>Called at start. A second interface with the hub's key would come up beside the one that its spokes are on.</summary>
    /// <exception cref="OptionsValidationException">The setting names another interface than the hub has.</exception>
    public void CheckSetting()
    {
        if (options.Value.Interface is { } named && hubs.Current is { } hub && named != hub.InterfaceName)
        {
            throw new OptionsValidationException(
                nameof(WireGuardOptions.Interface),
                typeof(WireGuardOptions),
                [$"The setting WireGuard:Interface names {named}, but this hub's interface is {hub.InterfaceName} and stays so: leave the setting out, or set it to {hub.InterfaceName}."]);
        }
    }
}
