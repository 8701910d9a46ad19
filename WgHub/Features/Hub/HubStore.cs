using System.Net;
using Microsoft.Extensions.Options;
using WgHub.Features.Leases;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>The hub's row. It is read for nearly every request and rarely changes, so a copy is kept in memory.</summary>
internal sealed class HubStore(Database database, MasterKey masterKey, IOptions<NameOptions> names)
{
    private readonly Lock _lock = new();
    private volatile HubConfig? _current;
    private volatile bool _isRead;

    /// <summary>The hub, or null before its set-up.</summary>
    public HubConfig? Current => _isRead ? _current : Refresh();

    /// <exception cref="Web.AppException">HUB_NOT_INITIALIZED.</exception>
    public HubConfig Required() => Current ?? throw HubErrors.NotInitialized();

    /// <summary>Reads the row again; called after a commit that changed it. One at a time: an older reading cannot take the place of a newer one.</summary>
    public HubConfig? Refresh()
    {
        lock (_lock)
        {
            _current = database.Read(tx => Find(tx, tx.OwnHub));
            _isRead = true;
            return _current;
        }
    }

    public HubConfig? Find(Tx tx, HubId hub) => tx.First(
        $"""
        select id, interface_name, listen_port, public_key, network, network6, address, public_endpoint, private_endpoint, dns, mtu, spoke_to_spoke,
            preshared_keys, created_at, updated_at, address6
        from hubs where id = {hub}
        """,
        Map);

    /// <exception cref="StorageException">The master key does not open it.</exception>
    public Secret PrivateKey()
    {
        var sealedKey =
            database.Read(tx => tx.First($"select sealed_private_key from hubs where id = {database.OwnHub}", row => row.Text("sealed_private_key")))
            ?? throw HubErrors.NotInitialized();
        return SealedColumns.HubPrivateKey.Open(masterKey, database.OwnHub.Value, sealedKey);
    }

    public void Add(Tx tx, HubConfig hub, Secret privateKey) =>
        tx.Execute(
            $"""
            insert into hubs (id, interface_name, listen_port, public_key, sealed_private_key, network, network6, address, public_endpoint,
                private_endpoint, dns, mtu, spoke_to_spoke, preshared_keys, created_at, updated_at, address6)
            values ({hub.Id}, {hub.InterfaceName}, {hub.ListenPort}, {hub.Key.ToString()},
                {SealedColumns.HubPrivateKey.Seal(masterKey, hub.Id.Value, privateKey)}, {hub.Network.ToString()},
                {hub.Network6?.ToString()}, {Ipv4Network.ToText(hub.Address)}, {hub.PublicEndpoint.ToString()}, {hub.PrivateEndpoint?.ToString()},
                {string.Join(',', hub.Dns)}, {hub.Mtu}, {hub.SpokeToSpoke}, {hub.PresharedKeys},
                {hub.CreatedAt}, {hub.UpdatedAt}, {hub.Address6?.ToString()})
            """);

    public void Update(Tx tx, HubConfig hub) =>
        tx.Execute(
            $"""
            update hubs set listen_port = {hub.ListenPort}, network = {hub.Network.ToString()}, network6 = {hub.Network6?.ToString()},
                address = {Ipv4Network.ToText(hub.Address)}, address6 = {hub.Address6?.ToString()},
                public_endpoint = {hub.PublicEndpoint.ToString()}, private_endpoint = {hub.PrivateEndpoint?.ToString()}, dns = {string.Join(',', hub.Dns)},
                mtu = {hub.Mtu}, spoke_to_spoke = {hub.SpokeToSpoke}, preshared_keys = {hub.PresharedKeys}, updated_at = {hub.UpdatedAt}
            where id = {hub.Id}
            """);

    /// <summary>Gives the hub another key; <see cref="Refresh"/> follows the commit.</summary>
    public void ChangeKey(Tx tx, HubId hub, PublicKey key, Secret privateKey, DateTimeOffset at) =>
        tx.Execute(
            $"""
            update hubs set public_key = {key.ToString()}, sealed_private_key = {SealedColumns.HubPrivateKey.Seal(masterKey, hub.Value, privateKey)},
                updated_at = {at}
            where id = {hub}
            """);

    /// <summary>Takes the row away again, after a set-up that did not work out.</summary>
    public void Remove(Tx tx, HubId hub) => tx.Execute($"delete from hubs where id = {hub}");

    private HubConfig Map(Row row) => new()
    {
        Id = new(row.Text("id")),
        InterfaceName = row.Text("interface_name"),
        ListenPort = row.Int("listen_port"),
        Key = PublicKey.Parse(row.Text("public_key")),
        Network = Ipv4Network.Parse(row.Text("network")),
        Network6 = Ipv6Network.TryParse(row.TextOrNull("network6"), out var network6) ? network6 : null,
        Address = Ipv4Network.TryParseAddress(row.Text("address"), out var address) ? address : throw new FormatException("The hub's address is not one."),
        Address6 = row.TextOrNull("address6") is { } address6 ? IPAddress.Parse(address6) : null,
        PublicEndpoint = EndpointOf(row.Text("public_endpoint"))!,
        PrivateEndpoint = EndpointOf(row.TextOrNull("private_endpoint")),
        Domain = names.Value.DomainOrNone,
        Dns = row.Text("dns").Split(',', StringSplitOptions.RemoveEmptyEntries),
        Mtu = row.Int("mtu"),
        SpokeToSpoke = row.Flag("spoke_to_spoke"),
        PresharedKeys = row.Flag("preshared_keys"),
        CreatedAt = row.Time("created_at"),
        UpdatedAt = row.Time("updated_at"),
    };

    private static WgEndpoint? EndpointOf(string? text) => WgEndpoint.TryParse(text, 0, out var endpoint) ? endpoint : null;
}
