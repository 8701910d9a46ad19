using Microsoft.Extensions.Options;
using WgHub.Features.Hub;
using WgHub.Features.Policy;
using WgHub.Features.Tls;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Doctor;

/// <summary>All that can stop a tunnel, each with what mends it. The command has the same looks, but for what only a hub that runs knows.</summary>
internal static class DoctorRoom
{
    public static Room Room => new()
    {
        Add = Add,
        Map = routes => routes.MapDoctor(),
        SettingsPages = [new("Doctor", "/doctor", Roles.Operator, 60) { Chapter = "doctor" }],
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton<Check, JobsCheck>();
        services.AddMachineChecks();
        services.AddHubChecks();
        services.AddSingleton<Func<ServedCertificate>>(provider =>
        {
            var served = provider.GetRequiredService<Certificates>();
            return () => new(served.Current, served.Source, served.LastError);
        });
        services.AddApiJson(DoctorJson.Default);
    }

    /// <summary>What can be looked at without a database; in the order in which it is told.</summary>
    public static void AddMachineChecks(this IServiceCollection services)
    {
        services.AddSingleton<Doctor>();
        services.AddSingleton<Check, ProgramsCheck>();
        services.AddSingleton<Check, GroundCheck>();
        services.AddSingleton<Check, DataCheck>();
        services.AddSingleton<Check, DiskCheck>();
        services.AddSingleton<Check, DatabaseCheck>();
        services.AddSingleton<Check, ClockCheck>();
        services.AddSingleton<Check, InterfaceCheck>();
        services.AddSingleton<Check, PortCheck>();
        services.AddSingleton<Check, FirewallCheck>();
        services.AddSingleton<Check, ForwardingCheck>();
        services.AddSingleton<Check, MtuCheck>();
        services.AddSingleton<Check, Ipv6Check>();
        services.AddSingleton<Check, LimitsCheck>();
    }

    /// <summary>What takes the database and the rooms that stand on it, and whom the looks are about.</summary>
    public static void AddHubChecks(this IServiceCollection services)
    {
        services.AddSingleton<Check, KeyCheck>();
        services.AddSingleton<Check, ClockOrderCheck>();
        services.AddSingleton<Check, PeersCheck>();
        services.AddSingleton<Check, AddressCheck>();
        services.AddSingleton<Check, CertificateCheck>();
        services.AddSingleton<Check, BackupCheck>();
        services.AddSingleton<Func<HubFacts>>(provider => () =>
        {
            var data = provider.GetRequiredService<DataDirectory>();
            try
            {
                return HubFacts.Read(
                    provider.GetRequiredService<HubStore>(), provider.GetRequiredService<PolicyBook>(), provider.GetRequiredService<HubInterface>(), data);
            }
            catch (StorageException)
            {
                return HubFacts.Without(provider.GetRequiredService<IOptions<WireGuardOptions>>().Value, data); // why, the looks at the database tell
            }
        });
    }

    /// <summary>Instead of <see cref="AddHubChecks"/>, where there is no database that could be asked.</summary>
    public static void AddNoHub(this IServiceCollection services) => services.AddSingleton<Func<HubFacts>>(provider => () =>
        HubFacts.Without(provider.GetRequiredService<IOptions<WireGuardOptions>>().Value, provider.GetRequiredService<DataDirectory>()));
}
