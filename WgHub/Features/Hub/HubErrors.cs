using WgHub.Features.Leases;
using WgHub.Web;

namespace WgHub.Features.Hub;

/// <summary>Refusals about the hub itself.</summary>
internal static class HubErrors
{
    public static AppException NotInitialized() => LeaseErrors.HubNotInitialized();

    public static AppException AlreadyInitialized() =>
        new(StatusCodes.Status409Conflict, "HUB_ALREADY_INITIALIZED", "The hub is set up already. Change its settings instead.");
}
