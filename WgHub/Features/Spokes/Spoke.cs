using System.Text.Json;
using System.Text.Json.Serialization;
using WgHub.Features.Labels;
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

    public required string Id { get; init; }

    /// <summary>The hub whose network it is in.</summary>
    public required HubId Hub { get; init; }

    public required string Name { get; init; }

    /// <summary>In the hub's network.</summary>
    public required Ipv4Address Address { get; init; }

    public required PublicKey Key { get; init; }

    public required string Os { get; init; }

    public required DateTimeOffset RegisteredAt { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>Null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public SpokeLabels Labels { get; init; } = SpokeLabels.None;

    public string Notes { get; init; } = "";

    /// <summary>What lies behind it and is reached through it.</summary>
    public IReadOnlyList<Ipv4Network> Networks { get; init; } = [];

    /// <summary>Null when it is no Proxmox VE node.</summary>
    public NodeFacts? Node { get; init; }

    /// <summary>By how much the machine's clock was ahead of the hub's when it registered; null when it did not tell.</summary>
    public TimeSpan? ClockOffset { get; init; }

    /// <summary>JSON object of strings, as the machine told it: its owner's own, every key of it. What the hub knows has members here.</summary>
    public string Metadata { get; init; } = "{}";

    /// <summary>Null for never.</summary>
    public DateTimeOffset? LastHandshake { get; init; }

    /// <summary>Over all lives of the interface, as the hub counts.</summary>
    public long ReceivedBytes { get; init; }

    /// <inheritdoc cref="ReceivedBytes"/>
    public long SentBytes { get; init; }

    /// <summary>Where it was last seen, with the port; null for never.</summary>
    public string? Endpoint { get; init; }

    /// <summary>True when it belongs on the interface; <see cref="PeerStore.IsWanted"/> says the same in SQL.</summary>
    public bool IsWantedAt(DateTimeOffset now) => Enabled && !(ExpiresAt <= now);

    public SpokeStatus StatusAt(DateTimeOffset now) =>
        !Enabled ? SpokeStatus.Disabled
        : ExpiresAt <= now ? SpokeStatus.Expired
        : LastHandshake is null ? SpokeStatus.Pending
        : LastHandshake > now - HandshakeLife ? SpokeStatus.Active
        : SpokeStatus.Inactive;

    /// <summary>True when its time will be over soon.</summary>
    public bool IsExpiringAt(DateTimeOffset now) => Enabled && ExpiresAt > now && ExpiresAt <= now + ExpiryNotice;

    /// <summary>What the machine told of itself, in its own order.</summary>
    public IReadOnlyList<(string Name, string Value)> MetadataEntries()
    {
        using var json = JsonDocument.Parse(Metadata);
        return [.. json.RootElement.EnumerateObject().Select(entry => (entry.Name, entry.Value.ToString()))];
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<SpokeStatus>))]
internal enum SpokeStatus
{
    /// <summary>Registered, but no handshake yet.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>The last handshake is younger than <see cref="Spoke.HandshakeLife"/>.</summary>
    [JsonStringEnumMemberName("active")]
    Active,

    [JsonStringEnumMemberName("inactive")]
    Inactive,

    /// <summary>Switched off by an operator: not on the interface.</summary>
    [JsonStringEnumMemberName("disabled")]
    Disabled,

    /// <summary>Its time is over: not on the interface.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,
}
