using WgHub.Web;

namespace WgHub.Features.Spokes;

/// <summary>Refusals about spokes.</summary>
internal static class SpokeErrors
{
    /// <summary>Whoever types a time on a page means one that comes: one that is over would end the tunnel at once, without a question.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public static void RefuseEndInThePast(string field, DateTimeOffset? end, DateTimeOffset now)
    {
        if (end <= now)
        {
            throw WebErrors.Invalid(field, "This is over already, in UTC. To end the tunnel now, disable it.");
        }
    }

    public static AppException NotFound() => WebErrors.NotFound("spoke");

    public static AppException InvalidPublicKey() =>
        new(
            StatusCodes.Status400BadRequest, "INVALID_PUBLIC_KEY",
            "The public key is not a WireGuard key: 44 base64 characters of 32 bytes, and not a low-order point.")
        {
            Errors = new Dictionary<string, string[]> { ["publicKey"] = ["Not a WireGuard public key."] },
        };

    public static AppException ListChanged() =>
        new(StatusCodes.Status409Conflict, "LIST_CHANGED", "The spokes that match are not the same any more. Look at them and decide again.");

    public static AppException DuplicatePublicKey() =>
        new(StatusCodes.Status409Conflict, "DUPLICATE_PUBLIC_KEY", "Another spoke, or the hub itself, has this public key. Make a new key on this machine.");
}
