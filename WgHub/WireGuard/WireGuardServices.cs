using Microsoft.Extensions.Options;

namespace WgHub.WireGuard;

internal static class WireGuardServices
{
    public static void AddWireGuard(this IServiceCollection services)
    {
        services.AddOptions<WireGuardOptions>().BindConfiguration(WireGuardOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WireGuardOptions>, WireGuardOptionsValidator>();
        services.AddSingleton<CommandRunner>();
        services.AddSingleton<WgTool>();
        services.AddSingleton<LinkTool>();
        services.AddSingleton<InterfaceGeneration>();
        services.AddSingleton<Devices>();
        services.AddSingleton<MachineLook>();
        services.AddSingleton<PeerChanges>();
        services.AddSingleton<ReconcileSignal>();
    }
}
