using WgHub.Hosting;

namespace WgHub.WireGuard;

internal static class WireGuardServices
{
    public static void AddWireGuard(this IServiceCollection services)
    {
        services.AddRoomOptions<WireGuardOptions, WireGuardOptionsValidator>(WireGuardOptions.Section, static (section, options) => section.Bind(options));
        services.AddSingleton<ProgramFailures>();
        services.AddSingleton<CommandRunner>();
        services.AddSingleton<WgTool>();
        services.AddSingleton<LinkTool>();
        services.AddSingleton<NftTool>();
        services.AddSingleton<InterfaceGeneration>();
        services.AddSingleton<Devices>();
        services.AddSingleton<MachineLook>();
        services.AddSingleton<MachineSigns>();
        services.AddSingleton<ReconcileSignal>();
    }
}
