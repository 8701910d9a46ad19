using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Spokes;
using WgHub.Web;

namespace WgHub.Features.Dashboard;

[Authorize(Policy = Access.Viewer)]
internal sealed class HelpModel : PageModel
{
    public static IReadOnlyList<(SpokeStatus Status, string Meaning)> Meanings { get; } =
    [
        (SpokeStatus.Active, $"It had a handshake in the last {Spoke.HandshakeLife.TotalMinutes:0} minutes, since it was last switched on: the tunnel works."),
        (SpokeStatus.Inactive, "It was connected before, and is silent now: off, asleep, without network, or not back yet since it was switched on here."),
        (SpokeStatus.Pending, "It is registered, and was never connected."),
        (SpokeStatus.Disabled, "Somebody switched it off here. Name and address stay its own."),
        (SpokeStatus.Expired, "Its time is over. A later end, or none, brings it back."),
    ];
}
