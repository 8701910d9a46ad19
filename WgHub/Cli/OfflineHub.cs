using System.CommandLine;
using WgHub.Features.Audit;
using WgHub.Features.Auth;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Cli;

/// <summary>The rooms that a command needs, on the database of the data directory; <c>serve</c> may run beside it.</summary>
internal static class OfflineHub
{
    public static ServiceProvider Open(ParseResult parsed)
    {
        var data = CommonOptions.DataDirectoryOf(parsed);
        Privileges.BecomeOwnerOf(data.Directory);
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System);
        services.AddStorage(data);
        services.AddSingleton<AuditChain>();
        services.AddSingleton<AuditLog>();
        services.AddAccounts();
        services.AddSingleton<KeyRotation>();
        return services.BuildServiceProvider();
    }
}
