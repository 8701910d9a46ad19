using WgHub.Web;

namespace WgHub.Features.Spokes;

/// <summary>A spoke as the pages show it at one moment.</summary>
/// <param name="MayChange">Whether who looks may change it.</param>
/// <param name="Filter">The list that it stands in, so that a change without script leads back there.</param>
internal sealed record SpokeRow(Spoke Spoke, DateTimeOffset Now, bool MayChange, SpokeFilter Filter)
{
    public SpokeStatus Status => Spoke.StatusAt(Now);

    public string Handshake => Spoke.LastHandshake is { } time ? Age.Of(time, Now) : "never";

    public string Registered => Age.Of(Spoke.RegisteredAt, Now);
}
