using WgHub.Web;

namespace WgHub.Features.Tokens;

/// <summary>Refusals about tokens.</summary>
internal static class TokenErrors
{
    public static AppException NotFound() =>
        new(StatusCodes.Status404NotFound, "TOKEN_NOT_FOUND", "This token is not known here. Make a new one.");

    public static AppException AlreadyUsed(DateTimeOffset usedAt) =>
        new(
            StatusCodes.Status401Unauthorized, "TOKEN_ALREADY_USED",
            "Another key was registered with this token. Make a new token for this machine.")
        { Facts = Fact("usedAt", usedAt) };

    public static AppException Expired(DateTimeOffset expiresAt) =>
        new(StatusCodes.Status401Unauthorized, "TOKEN_EXPIRED", "This token has expired. Make a new one.") { Facts = Fact("expiresAt", expiresAt) };

    public static AppException Revoked() =>
        new(StatusCodes.Status401Unauthorized, "TOKEN_REVOKED", "This token was revoked. Make a new one.");

    public static AppException WrongPlatform(string platform) =>
        new(
            StatusCodes.Status403Forbidden, "TOKEN_WRONG_PLATFORM",
            $"This token is for {Platforms.Name(platform)} only, and this machine says that it is something else. The token is untouched.");

    private static Dictionary<string, string> Fact(string name, DateTimeOffset time) => new() { [name] = UtcText.Of(time) };
}
