using WgHub.Web;

namespace WgHub.Features.Auth.Passkeys;

internal static class PasskeyErrors
{
    /// <summary>The same whatever was wrong: an unknown or removed passkey, a disabled account, an old challenge, a false signature.</summary>
    public static AppException NotAccepted() =>
        new(StatusCodes.Status401Unauthorized, WebErrors.NotSignedIn, "This passkey is not accepted. Try again, or take another way.");

    public static AppException NotYours() => WebErrors.Malformed("This is no passkey of yours, or you took too long. Try again.");

    public static AppException NotMade() => WebErrors.Malformed("The browser made no passkey that can be kept, or you took too long. Try again.");

    public static AppException Full() => WebErrors.Malformed($"{OwnPasskeys.Most} passkeys are the most. Remove one that you do not use.");
}
