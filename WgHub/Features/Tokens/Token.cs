using System.Text.Json.Serialization;
using WgHub.Features.Labels;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Tokens;

/// <summary>A token as it is kept: its secret is not there, only its hash is in the database.</summary>
internal sealed record Token
{
    public required string Id { get; init; }

    /// <summary>The hub that the spoke will be of.</summary>
    public required HubId Hub { get; init; }

    public required string SpokeId { get; init; }

    /// <summary>As it was when the token was made.</summary>
    public required string SpokeName { get; init; }

    public required Ipv4Address Address { get; init; }

    /// <summary>Name of the actor.</summary>
    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public TokenKind Kind { get; init; } = TokenKind.Install;

    /// <summary>What it is bound to; null for any.</summary>
    public string? Platform { get; init; }

    /// <summary>Of the spoke to be.</summary>
    public SpokeLabels Labels { get; init; } = SpokeLabels.None;

    /// <summary>When the time of the spoke to be ends; null for never.</summary>
    public DateTimeOffset? SpokeExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>The public key it is bound to: the first that came.</summary>
    public PublicKey? UsedKey { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public TokenState StateAt(DateTimeOffset now) =>
        RevokedAt is not null ? TokenState.Revoked
        : UsedAt is not null ? TokenState.Used
        : ExpiresAt <= now ? TokenState.Expired
        : TokenState.Pending;
}

[JsonConverter(typeof(JsonStringEnumConverter<TokenKind>))]
internal enum TokenKind
{
    /// <summary>Makes a spoke.</summary>
    [JsonStringEnumMemberName("install")]
    Install,

    /// <summary>Gives a spoke that there is a new key, under its name and address.</summary>
    [JsonStringEnumMemberName("reenrol")]
    Reenrol,
}

[JsonConverter(typeof(JsonStringEnumConverter<TokenState>))]
internal enum TokenState
{
    [JsonStringEnumMemberName("pending")]
    Pending,

    [JsonStringEnumMemberName("used")]
    Used,

    [JsonStringEnumMemberName("expired")]
    Expired,

    [JsonStringEnumMemberName("revoked")]
    Revoked,
}
