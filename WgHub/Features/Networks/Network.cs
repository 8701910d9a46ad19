using System.Net;
using WgHub.Features.Audit;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Networks;

/// <summary>A spoke that leads to a network.</summary>
/// <param name="Address6">Where it does not follow from the IPv4 address.</param>
internal sealed record Gateway(string SpokeId, string Name, Ipv4Address Address, IPAddress? Address6, PublicKey Key);

/// <summary>What is reached through the hub besides spokes: a network behind the hub's own machine, or behind a spoke.</summary>
internal sealed record Network
{
    public required string Id { get; init; }

    public required HubId Hub { get; init; }

    public required NetworkName Name { get; init; }

    public required Cidr Cidr { get; init; }

    /// <summary>True: the hub's machine reaches it itself. False: a spoke does, or did until it was removed.</summary>
    public required bool IsBehindHub { get; init; }

    /// <summary>Null behind the hub, and when its spoke is gone.</summary>
    public Gateway? Via { get; init; }

    /// <summary>Takes the place of <see cref="Via"/> while that is silent; null for none.</summary>
    public Gateway? Standby { get; init; }

    /// <summary>Which of the two carries it now; null when nobody does.</summary>
    public string? ActiveId { get; init; }

    /// <summary>Since when that one does; behind the hub, since it was made.</summary>
    public required DateTimeOffset ActiveSince { get; init; }

    /// <summary>True when a person put it where it is: it does not go back by itself.</summary>
    public bool IsHeld { get; init; }

    /// <summary>True when its hosts see the gateway's own address, and need no route back.</summary>
    public required bool Masquerade { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public Gateway? Active => ActiveId is null ? null : ActiveId == Via?.SpokeId ? Via : ActiveId == Standby?.SpokeId ? Standby : null;

    /// <summary>As the audit log has it.</summary>
    public Subject Subject => new(Id, Name.Text);

    /// <summary>Behind whom, for a person.</summary>
    public string Behind => IsBehindHub ? "the hub" : Via?.Name ?? Standby?.Name ?? "nobody";

    public static Network Map(Row row) => new()
    {
        Id = row.Text("id"),
        Hub = new(row.Text("hub_id")),
        Name = NetworkName.Parse(row.Text("name")),
        Cidr = Cidr.Parse(row.Text("cidr")),
        IsBehindHub = row.Text("behind") == "hub",
        Via = GatewayOf(row, "via"),
        Standby = GatewayOf(row, "standby"),
        ActiveId = row.TextOrNull("active_spoke_id"),
        ActiveSince = row.Time("active_since"),
        IsHeld = row.Flag("held"),
        Masquerade = row.Flag("masquerade"),
        CreatedAt = row.Time("created_at"),
    };

    private static Gateway? GatewayOf(Row row, string place) => row.TextOrNull($"{place}_spoke_id") is not { } id ? null : new(
        id, row.Text($"{place}_name"), Ipv4Address.Parse(row.Text($"{place}_address")),
        row.TextOrNull($"{place}_address6") is { } address6 ? IPAddress.Parse(address6) : null, PublicKey.Parse(row.Text($"{place}_key")));
}

/// <summary>What must never be reached through the hub, whatever a rule says.</summary>
/// <param name="Note">May be empty.</param>
internal sealed record BarredNetwork(Cidr Cidr, string Note);
