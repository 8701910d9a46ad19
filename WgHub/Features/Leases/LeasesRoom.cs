using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Leases;

/// <summary>Which spoke holds which name and address.</summary>
internal static class LeasesRoom
{
    public static Room Room => new()
    {
        AddForCommands = services => services.AddSingleton<LeaseStore>(),
        Add = services =>
            services.AddRoomOptions<NameOptions, NameOptionsValidator>(NameOptions.Section, static (section, options) => section.Bind(options)),
    };
}
