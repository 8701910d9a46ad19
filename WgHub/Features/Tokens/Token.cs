using System.Net;
using System.Text.Json.Serialization;
using WgHub.Features.Audit;
using WgHub.Features.Labels;
using WgHub.Features.Routes;
using WgHub.WireGuard;

namespace WgHub.Features.Tokens;

/// <summary>A token for one spoke.</summary>
internal sealed record Token : AnyToken
{
    public required string SpokeId { get; init; }

    /// <summary>As it was when the token was made.</summary>
    public required string SpokeName { get; init; }

    public required Ipv4Address Address { get; init; }

    /// <summary>Null for the one that follows from <see cref="Address"/>.</summary>
    public IPAddress? Address6 { get; init; }

    /// <summary>As the audit log has it.</summary>
    public Subject Subject => new(Id, SpokeName);

    public TokenKind Kind { get; init; } = TokenKind.Install;

    /// <summary>What it is bound to; null for any.</summary>
    public string? Platform { get; init; }

    /// <summary>Of the spoke to be.</summary>
    public SpokeLabels Labels { get; init; } = SpokeLabels.None;

    /// <summary>Of the spoke to be; null to follow its group.</summary>
    public SpokeRoutes? Routes { get; init; }

    /// <summary>When the time of the spoke to be ends; null for never.</summary>
    public DateTimeOffset? SpokeExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>The public key it is bound to: the first that came.</summary>
    public PublicKey? UsedKey { get; init; }

    protected override bool IsUsed => UsedAt is not null;
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
