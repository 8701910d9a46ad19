using System.Text.Json;
using WgHub.Features.Leases;
using WgHub.Features.Spokes;
using WgHub.Storage;

namespace WgHub.Features.Networks;

/// <summary>A network as a page shows it at one moment.</summary>
/// <param name="Carrier">Of who carries it now; null behind the hub, and when nobody does.</param>
internal sealed record NetworkRow(Network Network, SpokeStatus? Carrier, DateTimeOffset Now)
{
    /// <summary>Who could carry it in the place of who does; null for nobody.</summary>
    public Gateway? Other => Network.ActiveId == Network.Standby?.SpokeId ? Network.Via : Network.Standby;
}

/// <summary>Between the pages of networks, where spokes go by their names, and the rooms, where they go by ids.</summary>
internal sealed class NetworkView(SpokeStore spokes, LivePeers live, Database database, TimeProvider time)
{
    /// <summary>Names that a field proposes: a list of thousands helps nobody.</summary>
    private const int NamesOffered = 200;

    public DateTimeOffset Now => time.GetUtcNow();

    public IEnumerable<string> NamesToOffer() => spokes.Called(database.OwnHub).Take(NamesOffered).Select(spoke => spoke.Name);

    public IReadOnlyList<NetworkRow> Rows(IEnumerable<Network> networks)
    {
        var now = Now;
        return [.. networks.Select(network => Row(network, now))];
    }

    public NetworkRow Row(Network network) => Row(network, Now);

    /// <exception cref="Web.AppException">VALIDATION_FAILED: no such spoke.</exception>
    public NetworkWish WishOf(NetworkFields fields)
    {
        var standby = string.IsNullOrWhiteSpace(fields.Standby) ? "" : IdOf("standby", fields.Standby);
        return new(fields.Name ?? "", fields.Cidr ?? "", string.IsNullOrWhiteSpace(fields.Via) ? NetworkWish.Hub : IdOf("via", fields.Via), fields.Masquerade)
        {
            Standby = JsonSerializer.SerializeToElement(standby, NetworkJson.Default.String),
        };
    }

    private NetworkRow Row(Network network, DateTimeOffset now) =>
        new(network, network.ActiveId is { } id && spokes.Find(id) is { } spoke ? live.Refresh(spoke).StatusAt(now) : null, now);

    private string IdOf(string field, string name)
    {
        var key = SpokeName.KeyOf(name.Trim());
        return spokes.Called(database.OwnHub).FirstOrDefault(spoke => SpokeName.KeyOf(spoke.Name) == key).Id ?? throw NetworkErrors.NoSuchSpoke(field);
    }
}
