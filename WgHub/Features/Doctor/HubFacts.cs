using WgHub.Features.Hub;
using WgHub.Features.Policy;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Doctor;

/// <summary>Whom the looks are about.</summary>
/// <param name="Hub">Its settings; null before its set-up, and where the database does not tell.</param>
/// <param name="Rules">What its firewall is made of; null with <paramref name="Hub"/>.</param>
/// <param name="Interface">What it is called, or is to be called.</param>
/// <param name="ServedBy">The process that serves the data; 0 for one that cannot be named from here, null for none.</param>
internal sealed record HubFacts(HubConfig? Hub, NftRules? Rules, string Interface, int? ServedBy)
{
    /// <summary>What mends whatever a hub keeps by itself.</summary>
    public string Mending => ServedBy is null
        ? "systemctl start wghub"
        : "The hub mends it within seconds. If it stays so, what it says tells why: journalctl -u wghub";

    /// <summary>Looks into the database.</summary>
    /// <exception cref="StorageException">It does not tell.</exception>
    public static HubFacts Read(HubStore hubs, PolicyBook policies, HubInterface named, DataDirectory data)
    {
        var hub = hubs.Current;
        return new(hub, hub is null ? null : policies.Current(hub.Id)?.Rules, named.Name, DataLock.ServedBy(data));
    }

    /// <summary>Where there is no database that could be asked.</summary>
    public static HubFacts Without(WireGuardOptions options, DataDirectory data) =>
        new(null, null, options.Interface ?? WireGuardOptions.UsualInterface, DataLock.ServedBy(data));
}
