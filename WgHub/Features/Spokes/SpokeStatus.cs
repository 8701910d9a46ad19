using System.Text.Json.Serialization;

namespace WgHub.Features.Spokes;

[JsonConverter(typeof(JsonStringEnumConverter<SpokeStatus>))]
internal enum SpokeStatus
{
    /// <summary>Registered, but no handshake yet.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>The last handshake is younger than <see cref="Spoke.HandshakeLife"/>, and no older than <see cref="Spoke.HandshakesFrom"/>.</summary>
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

internal static class SpokeStatusText
{
    public static bool TryParse(string? text, out SpokeStatus status) =>
        Enum.TryParse(text, ignoreCase: true, out status) && Enum.IsDefined(status) && !char.IsAsciiDigit(text![0]);
}
