using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>Reads a key that a spoke sends.</summary>
internal static class SpokeKey
{
    /// <param name="field">Its name in the request.</param>
    /// <exception cref="AppException">VALIDATION_FAILED when it is missing, INVALID_PUBLIC_KEY.</exception>
    public static PublicKey Parse(string field, string? text) =>
        text is null or "" ? throw WebErrors.Invalid(field, "This is needed.")
        : PublicKey.TryParse(text, out var key) && !key.IsLowOrder ? key : throw SpokeErrors.InvalidPublicKey();
}
