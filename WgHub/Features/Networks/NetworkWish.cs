using System.Text.Json;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Networks;

/// <summary>What is asked of <c>POST</c> and, where all may be missing, of <c>PATCH</c> for a network; there what is missing stays as it is.</summary>
/// <param name="Via"><c>hub</c>, or the id of a spoke.</param>
/// <param name="Masquerade">Missing: yes.</param>
internal sealed record NetworkWish(string? Name = null, string? Cidr = null, string? Via = null, bool? Masquerade = null)
{
    public const string Hub = "hub";

    /// <summary>Id of a spoke; null or an empty text takes it away.</summary>
    public JsonElement Standby { get; init; }

    /// <exception cref="AppException">VALIDATION_FAILED: a standby of another type.</exception>
    public NetworkFieldsRead Read(Network? before)
    {
        var checks = new FieldChecks();
        var name = Name is null && before is not null
            ? before.Name
            : checks.Required<NetworkName>("name", Name, NetworkName.TryParse!, NetworkName.Rule);
        var cidr = Cidr is null && before is not null ? before.Cidr : NetworkRules.Read(checks, "cidr", Cidr);
        var via = Via ?? (before is null ? "" : before.IsBehindHub ? Hub : before.Via?.SpokeId); // null: its spoke is gone
        if (via is not null && string.IsNullOrWhiteSpace(via))
        {
            checks.Fail("via", "This is needed. The word hub, or the id of a spoke.");
        }

        var standby = StandbyOr(checks, via == Hub ? null : before?.Standby?.SpokeId);
        if (standby is not null && via == Hub)
        {
            checks.Fail("standby", "Only a network behind a spoke has one that stands by.");
        }
        else if (standby is not null && standby == via)
        {
            checks.Fail("standby", "Another spoke than the first: one cannot stand by for itself.");
        }

        checks.ThrowIfAny();
        return new(name, cidr, via == Hub ? null : via, standby, Masquerade ?? before?.Masquerade ?? true) { IsBehindHub = via == Hub };
    }

    private string? StandbyOr(FieldChecks checks, string? before)
    {
        switch (Standby.ValueKind)
        {
            case JsonValueKind.Undefined:
                return before;
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.String:
                return Standby.GetString() is { Length: > 0 } id ? id : null;
            default:
                checks.Fail("standby", "The id of a spoke, or null for none.");
                return null;
        }
    }
}

/// <summary>A wish, read.</summary>
/// <param name="Via">Id of a spoke; null for the hub, and for a spoke that is gone.</param>
/// <param name="Standby">Id of a spoke; null for none.</param>
internal sealed record NetworkFieldsRead(NetworkName Name, Cidr Cidr, string? Via, string? Standby, bool Masquerade)
{
    public required bool IsBehindHub { get; init; }

    /// <summary>The network as it is to be. Whoever carries it goes on with that while it is one of its gateways.</summary>
    /// <param name="before">Null for a new one.</param>
    /// <exception cref="AppException">VALIDATION_FAILED: no such spoke.</exception>
    public Network ApplyTo(Network? before, Tx tx, SpokeStore spokes)
    {
        var (via, standby) = (GatewayOf(tx, spokes, "via", Via), GatewayOf(tx, spokes, "standby", Standby));
        var stays = before?.ActiveId is { } active && (active == via?.SpokeId || active == standby?.SpokeId);
        var activeId = stays ? before!.ActiveId : via?.SpokeId ?? standby?.SpokeId;
        return new()
        {
            Id = before?.Id ?? Guid.CreateVersion7(tx.Now).ToString(),
            Hub = tx.OwnHub,
            Name = Name,
            Cidr = Cidr,
            IsBehindHub = IsBehindHub,
            Via = via,
            Standby = standby,
            ActiveId = activeId,
            ActiveSince = before is not null && before.ActiveId == activeId && before.IsBehindHub == IsBehindHub ? before.ActiveSince : tx.Now,
            IsHeld = stays && before!.IsHeld && standby is not null,
            Masquerade = Masquerade,
            CreatedAt = before?.CreatedAt ?? tx.Now,
        };
    }

    private static Gateway? GatewayOf(Tx tx, SpokeStore spokes, string field, string? id) =>
        id is null ? null
        : spokes.Find(tx, id) is { } spoke && spoke.Hub == tx.OwnHub ? new(spoke.Id, spoke.Name, spoke.Address, spoke.Address6, spoke.Key)
        : throw NetworkErrors.NoSuchSpoke(field);
}
