using System.Globalization;

namespace WgHub.Features.Import;

/// <summary>What all versions of wg-easy have in common.</summary>
internal static class WgEasy
{
    public const string Nat =
        "wg-easy lets its clients into the internet by NAT rules of its own (PostUp). WgHub makes none: clients that send everything through the tunnel need such rules on this machine.";

    /// <returns>Null for never.</returns>
    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;
}
