using WgHub.Web;

namespace WgHub.Features.Leases;

/// <summary>Which spoke holds which name and address.</summary>
internal static class LeasesRoom
{
    public static Room Room => new()
    {
        AddForCommands = services => services.AddSingleton<LeaseStore>(),
    };
}
