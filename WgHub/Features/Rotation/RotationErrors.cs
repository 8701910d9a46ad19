using WgHub.Web;

namespace WgHub.Features.Rotation;

/// <summary>Refusals while keys are exchanged.</summary>
internal static class RotationErrors
{
    public static AppException NotThroughTunnel() =>
        new(
            StatusCodes.Status403Forbidden, "NOT_THROUGH_TUNNEL",
            "A new key is asked for through the tunnel, from the spoke's own address there. This came another way.");

    /// <summary>One sentence for all that can be wrong, so that nobody learns by trying.</summary>
    public static AppException ProofWrong() =>
        new(
            StatusCodes.Status403Forbidden, "PROOF_WRONG",
            "This does not come from the spoke that has this address: its key or the proof by its preshared key is wrong.");

    public static AppException PresharedKeyNeeded() =>
        new(
            StatusCodes.Status409Conflict, "PRESHARED_KEY_NEEDED",
            "This spoke has no preshared key to prove itself by. Remove it and enrol it again: it gets one, and a new key.");

    public static AppException HubKeyAnnounced() =>
        new(StatusCodes.Status409Conflict, "HUB_KEY_ANNOUNCED", "A next key of the hub is announced already, or the change to one is not ended yet.");

    public static AppException HubKeyNotAnnounced() =>
        new(StatusCodes.Status409Conflict, "HUB_KEY_NOT_ANNOUNCED", "There is no next key to switch to. Announce one first.");

    /// <param name="names">Of those who do not hold the next key.</param>
    public static AppException SpokesBehind(IReadOnlyList<string> names) =>
        new(StatusCodes.Status409Conflict, "SPOKES_BEHIND",
            $"These do not hold the next key, and would lose their tunnel: {string.Join(", ", names.Take(10))}{(names.Count > 10 ? $" and {names.Count - 10} more" : "")}. Wait, or say that you know it.");

    public static AppException RotationOver() =>
        new(StatusCodes.Status409Conflict, "ROTATION_OVER", "The hub does not wait for this key any more. Begin again.");
}
