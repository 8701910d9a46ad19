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

    /// <param name="setting">What the limit is called, for whoever may change it; null for one that nobody can.</param>
    public static AppException RateLimited(TimeSpan retryAfter, string? setting = null) =>
        new(
            StatusCodes.Status429TooManyRequests, "RATE_LIMITED",
            $"Too many requests of this kind. Try again in {Age.Wait(retryAfter)}{(setting is null ? "" : $"; the limit is the setting {setting}")}.")
        { RetryAfter = retryAfter };

    public static AppException PlainHttp() =>
        new(StatusCodes.Status403Forbidden, Forbidden, "Plain HTTP is only for a trusted proxy in front of this hub (Web:TrustedProxies). Come over https.");

    public static AppException UnknownHost() =>
        new(
            StatusCodes.Status400BadRequest, ValidationFailed,
            "This hub does not go by the name in the Host header. If it should, list the name in the setting Web:AllowedHosts.");

    public static AppException CrossSite() =>
        new(StatusCodes.Status403Forbidden, Forbidden, "Another site sent this. Open the hub itself and try again.");

    public static AppException TooSlow() => Malformed("The rest of this request did not come in time.");

    public static AppException Overloaded() =>
        new(
            StatusCodes.Status503ServiceUnavailable, "OVERLOADED",
            "The hub has too much to do at the moment. Try again in a second.")
        { RetryAfter = TimeSpan.FromSeconds(1) };

    public static AppException WireGuardFailed(string words) =>
        new(StatusCodes.Status503ServiceUnavailable, "WIREGUARD_FAILED", words) { RetryAfter = TimeSpan.FromSeconds(2) };

    public static AppException StorageFailed(string words) =>
        new(StatusCodes.Status503ServiceUnavailable, "STORAGE_FAILED", words) { RetryAfter = TimeSpan.FromSeconds(5) };
}
