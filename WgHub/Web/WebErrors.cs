namespace WgHub.Web;

/// <summary>Refusals that belong to no single room.</summary>
internal static class WebErrors
{
    public const string ValidationFailed = "VALIDATION_FAILED";
    public const string NotSignedIn = "NOT_SIGNED_IN";
    public const string Forbidden = "FORBIDDEN";
    public const string NotFoundCode = "NOT_FOUND";

    public static AppException Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        new(StatusCodes.Status400BadRequest, ValidationFailed, errors.Values.First()[0]) { Errors = errors };

    public static AppException Invalid(string field, string sentence) => Invalid(new Dictionary<string, string[]> { [field] = [sentence] });

    public static AppException Malformed(string sentence) => new(StatusCodes.Status400BadRequest, ValidationFailed, sentence);

    public static AppException NotFound(string what) => new(StatusCodes.Status404NotFound, NotFoundCode, $"There is no such {what}.");

    public static AppException RateLimited(TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, "RATE_LIMITED", $"Too many requests from your address. Try again in {Math.Ceiling(retryAfter.TotalSeconds)} s.") { RetryAfter = retryAfter };

    public static AppException WireGuardFailed(string words) => new(StatusCodes.Status503ServiceUnavailable, "WIREGUARD_FAILED", words) { RetryAfter = TimeSpan.FromSeconds(2) };

    public static AppException StorageFailed(string words) => new(StatusCodes.Status503ServiceUnavailable, "STORAGE_FAILED", words) { RetryAfter = TimeSpan.FromSeconds(5) };
}
