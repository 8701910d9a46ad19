using System.Net;
using System.Text.Json;
using WgHub.Features.Audit;
using WgHub.Features.Labels;
using WgHub.Features.Routes;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>A registered machine.</summary>
internal sealed record Spoke
{
    /// <summary>A peer makes a new handshake at least every 180 s while there is traffic (REJECT_AFTER_TIME of the WireGuard paper).</summary>
    public static readonly TimeSpan HandshakeLife = TimeSpan.FromSeconds(180);

    /// <summary>How long before its end a spoke is called expiring.</summary>
    public static readonly TimeSpan ExpiryNotice = TimeSpan.FromDays(7);

    /// <summary>All of it, from spokes with their peers, leases and facts of nodes.</summary>
    public static readonly SqlPart Columns = SqlPart.Of(
        $"""
        spokes.id, spokes.hub_id, spokes.os, spokes.enabled, spokes.expires_at, spokes.notes, {SpokeNetworks.Column}, spokes.metadata,
        spokes.clock_offset_seconds, spokes.registered_at, spokes.routes, spokes.held_routes, {GroupStore.RoutesOfSpoke} as group_routes,
        {SpokeLabels.Columns}, leases.name, leases.address, leases.address6, leases.moved_at, peers.public_key,
        peers.last_handshake_at, peers.handshakes_from, peers.received_bytes, peers.sent_bytes, peers.endpoint, {NodeFacts.Columns}
        """);

    /// <summary>Those that a new one fills, in the order of <see cref="OwnValues"/>.</summary>
    public static readonly SqlPart OwnColumns = SqlPart.Of(
        $"id, hub_id, os, enabled, expires_at, {SpokeLabels.Columns}, notes, metadata, clock_offset_seconds, registered_at, routes, held_routes, host_name");

    public required string Id { get; init; }

    /// <summary>The hub whose network it is in.</summary>
    public required HubId Hub { get; init; }

    public required string Name { get; init; }

    /// <summary>In the hub's network.</summary>
    public required Ipv4Address Address { get; init; }

    /// <summary>As the audit log has it.</summary>
    public Subject Subject => new(Id, Name);

    /// <summary>In the hub's IPv6 network, where it does not follow from <see cref="Address"/>: one that was chosen, or that it had before this hub.</summary>
    public IPAddress? Address6 { get; init; }

    /// <summary>When its addresses were changed: its machine has the former ones. Null once that was told.</summary>
    public DateTimeOffset? MovedAt { get; init; }

    public required PublicKey Key { get; init; }

    public required string Os { get; init; }

    public required DateTimeOffset RegisteredAt { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>Null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public SpokeLabels Labels { get; init; } = SpokeLabels.None;

    public string Notes { get; init; } = "";

    /// <summary>What lies behind it and is reached through it.</summary>
    public IReadOnlyList<Cidr> Networks { get; init; } = [];

    /// <summary>Its own choice; null to follow its group.</summary>
    public SpokeRoutes? Routes { get; init; }

    /// <summary>What its group says; null where that says nothing.</summary>
    public SpokeRoutes? GroupRoutes { get; init; }

    /// <summary>What it should send into its tunnel.</summary>
    public SpokeRoutes WantedRoutes => Routes ?? GroupRoutes ?? SpokeRoutes.Network;

    /// <summary>Networks by comma, as <see cref="HubRoutes.TextOf"/> writes them: what its machine has. Null when that is not known.</summary>
    public string? HeldRoutes { get; init; }

    /// <summary>True while its machine has others than it should; null when that is not known.</summary>
    public bool? RoutesBehind { get; init; }

    /// <summary>Null when it is no Proxmox VE node.</summary>
    public NodeFacts? Node { get; init; }

    /// <summary>By how much the machine's clock was ahead of the hub's when it registered; null when it did not tell.</summary>
    public TimeSpan? ClockOffset { get; init; }

    /// <summary>JSON object of strings, as the machine told it: its owner's own, every key of it. What the hub knows has members here.</summary>
    public string Metadata { get; init; } = "{}";

    /// <summary>Null for never.</summary>
    public DateTimeOffset? LastHandshake { get; init; }

    /// <summary>Earlier handshakes are of another life of it, as from before it was switched off: that tunnel is gone. Null when all count.</summary>
    public DateTimeOffset? HandshakesFrom { get; init; }

    /// <summary>Over all lives of the interface, as the hub counts.</summary>
    public long ReceivedBytes { get; init; }

    /// <inheritdoc cref="ReceivedBytes"/>
    public long SentBytes { get; init; }

    /// <summary>Where it was last seen, with the port; null for never.</summary>
    public string? Endpoint { get; init; }

    public SqlPart OwnValues => SqlPart.Of(
        $"""
        {Id}, {Hub}, {Os}, {Enabled}, {ExpiresAt}, {Labels.Values}, {Notes}, {Metadata}, {ClockSeconds}, {RegisteredAt}, {Routes?.Text}, {HeldRoutes},
        {HostNameKey}
        """);

    /// <summary>What a machine tells of itself, as assignments.</summary>
    public SqlPart OfMachine => SqlPart.Of(
        $"os = {Os}, metadata = {Metadata}, clock_offset_seconds = {ClockSeconds}, held_routes = {HeldRoutes}, host_name = {HostNameKey}");

    /// <summary>What people change, as assignments. A new end will be told of anew.</summary>
    public SqlPart OfPeople => SqlPart.Of(
        $"""
        enabled = {Enabled}, {Labels.Assignments}, notes = {Notes}, routes = {Routes?.Text},
        expiry_told_at = case when expires_at = {ExpiresAt} then expiry_told_at end, expires_at = {ExpiresAt}
        """);

    /// <summary>What its machine calls itself, as it is searched by.</summary>
    private string HostNameKey => Leases.SpokeName.KeyOf(MetadataEntries().FirstOrDefault(entry => entry.Name == "hostname").Value ?? "");

    private long? ClockSeconds => (long?)ClockOffset?.TotalSeconds;

    /// <summary>True when it belongs on the interface; <see cref="PeerStore.IsWanted"/> says the same in SQL.</summary>
    public bool IsWantedAt(DateTimeOffset now) => Enabled && !(ExpiresAt <= now);

    public SpokeStatus StatusAt(DateTimeOffset now) =>
        !Enabled ? SpokeStatus.Disabled
        : ExpiresAt <= now ? SpokeStatus.Expired
        : LastHandshake is null ? SpokeStatus.Pending
        : LastHandshake > now - HandshakeLife && !(LastHandshake < HandshakesFrom) ? SpokeStatus.Active
        : SpokeStatus.Inactive;

    /// <summary>True when its time will be over soon.</summary>
    public bool IsExpiringAt(DateTimeOffset now) => Enabled && ExpiresAt > now && ExpiresAt <= now + ExpiryNotice;

    /// <summary>What the machine told of itself, in its own order.</summary>
    public IReadOnlyList<(string Name, string Value)> MetadataEntries()
    {
        using var json = JsonDocument.Parse(Metadata);
        return [.. json.RootElement.EnumerateObject().Select(entry => (entry.Name, entry.Value.ToString()))];
    }

    /// <param name="hub">Its hub's; null for a hub that is not set up.</param>
    public static Spoke Map(Row row, HubRoutes? hub)
    {
        var spoke = Map(row);
        return spoke.HeldRoutes is { } held && hub is not null ? spoke with { RoutesBehind = held != hub.TextOf(spoke.WantedRoutes) } : spoke;
    }

    private static SpokeRoutes? RoutesOf(string? text) => text is null ? null : SpokeRoutes.FromStored(text);

    private static Spoke Map(Row row) => new()
    {
        Id = row.Text("id"),
        Hub = new(row.Text("hub_id")),
        Name = row.Text("name"),
        Address = Ipv4Address.Parse(row.Text("address")),
        Address6 = row.TextOrNull("address6") is { } address6 ? IPAddress.Parse(address6) : null,
        MovedAt = row.TimeOrNull("moved_at"),
        Key = PublicKey.Parse(row.Text("public_key")),
        Os = row.Text("os"),
        Enabled = row.Flag("enabled"),
        ExpiresAt = row.TimeOrNull("expires_at"),
        Labels = SpokeLabels.Map(row),
        Notes = row.Text("notes"),
        Networks = SpokeNetworks.Parse(row.Text("networks")),
        Routes = RoutesOf(row.TextOrNull("routes")),
        GroupRoutes = RoutesOf(row.TextOrNull("group_routes")),
        HeldRoutes = row.TextOrNull("held_routes"),
        Node = NodeFacts.Map(row),
        ClockOffset = row.NumberOrNull("clock_offset_seconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Metadata = row.Text("metadata"),
        RegisteredAt = row.Time("registered_at"),
        LastHandshake = row.TimeOrNull("last_handshake_at"),
        HandshakesFrom = row.TimeOrNull("handshakes_from"),
        ReceivedBytes = row.Number("received_bytes"),
        SentBytes = row.Number("sent_bytes"),
        Endpoint = row.TextOrNull("endpoint"),
    };
}
