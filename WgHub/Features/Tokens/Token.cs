using System.Text.Json.Serialization;
using WgHub.Features.Labels;

namespace WgHub.Features.Tokens;

/// <summary>A token as it is kept: its secret is not there, only its hash is in the database.</summary>
/// <param name="SpokeName">As it was when the token was made.</param>
/// <param name="UsedKey">The public key it is bound to: the first that came.</param>
internal sealed record Token(
    string Id,
    string SpokeId,
    string SpokeName,
    string Address,
    string? Platform,
    string? Group,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? UsedAt,
    string? UsedKey,
    DateTimeOffset? RevokedAt)
{
    public TokenKind Kind { get; init; } = TokenKind.Install;

    /// <summary>Of the spoke to be, with the tags; may be empty.</summary>
    public string Owner { get; init; } = "";

    public Tags Tags { get; init; } = Tags.None;

    /// <summary>When the time of the spoke to be ends; null for never.</summary>
    public DateTimeOffset? SpokeExpiresAt { get; init; }

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
