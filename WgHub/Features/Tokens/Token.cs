using System.Text.Json.Serialization;

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
    public TokenState StateAt(DateTimeOffset now) =>
        RevokedAt is not null ? TokenState.Revoked
        : UsedAt is not null ? TokenState.Used
        : ExpiresAt <= now ? TokenState.Expired
        : TokenState.Pending;
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
