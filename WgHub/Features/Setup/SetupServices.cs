namespace WgHub.Features.Setup;

internal static class SetupServices
{
    public static void AddSetup(this IServiceCollection services)
    {
        services.AddSingleton<SetupService>();
        services.AddSingleton<AdminReset>();
        services.AddHostedService<SetupInvitation>();
    }
}
