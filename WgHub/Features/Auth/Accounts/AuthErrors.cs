using WgHub.Web;

namespace WgHub.Features.Auth.Accounts;

/// <summary>Refusals about accounts and sign-in.</summary>
internal static class AuthErrors
{
    public static AppException NotSignedIn() => new(StatusCodes.Status401Unauthorized, WebErrors.NotSignedIn, "Sign in, or send an API token.");

    public static AppException Forbidden() => new(StatusCodes.Status403Forbidden, WebErrors.Forbidden, "Your role does not allow this.");

    /// <summary>Signed in by the identity provider, which gives the account nothing here.</summary>
    public static AppException NoRole(string? name) =>
        new(
            StatusCodes.Status403Forbidden, WebErrors.Forbidden,
            $"You are signed in as {name}, but your account has no role here. Ask an administrator of the hub for one.");

    public static AppException NoAntiforgery() =>
        new(StatusCodes.Status403Forbidden, WebErrors.Forbidden, "A change from a browser needs the antiforgery header. Reload the page and try again.");

    public static AppException ConfirmationNeeded() =>
        new(StatusCodes.Status403Forbidden, "CONFIRMATION_NEEDED", "This gives power over the hub. Prove once more who you are, at /confirm, and try again.");

    public static AppException NameInUse(string name) => new(StatusCodes.Status409Conflict, "NAME_IN_USE", $"There is an account '{name}' already.");

    public static AppException UnknownRole() => WebErrors.Invalid("role", Roles.Rule);

    public static AppException OwnAccount() =>
        new(StatusCodes.Status403Forbidden, WebErrors.Forbidden, "Nobody changes their own role or switches their own account off. Another administrator can.");

    public static AppException LastAdministrator(string name) =>
        new(StatusCodes.Status409Conflict, "LAST_ADMINISTRATOR", $"'{name}' is the last administrator who can sign in. Make another one first.");

    public static AppException NotTested() =>
        new(StatusCodes.Status409Conflict, "NOT_TESTED", "Test the sign-in first: with these settings none has succeeded yet.");

    public static AppException LastWayIn() =>
        new(StatusCodes.Status409Conflict, "LAST_WAY_IN",
            "Local accounts may go only when the provider is offered and an administrator has signed in by it; and the provider stays as it is as long as it is the only way in.");

    /// <summary>The same for an unknown name, a wrong password and a disabled account.</summary>
    public static AppException WrongNameOrPassword() =>
        new(StatusCodes.Status401Unauthorized, WebErrors.NotSignedIn, "Name or password is wrong.");

    public static AppException WrongPassword() => WebErrors.Invalid("password", "This is not your password.");

    public static AppException WrongCode() => WebErrors.Invalid("code", "This code is wrong, or was used already.");

    public static AppException LocalSignInIsOff() =>
        new(StatusCodes.Status403Forbidden, WebErrors.Forbidden, "Signing in with a password is switched off on this hub.");

    public static AppException TooManyTries(TimeSpan wait) =>
        new(
            StatusCodes.Status429TooManyRequests, "RATE_LIMITED",
            $"Too many tries that failed. Try again in {Age.Wait(wait)}.")
        { RetryAfter = wait };

    public static AppException TooManyAtOnce() =>
        new(
            StatusCodes.Status429TooManyRequests, "RATE_LIMITED",
            "Too many people sign in at this moment. Try again in a few seconds.")
        { RetryAfter = TimeSpan.FromSeconds(3) };

    public static AppException WrongSetupCode() =>
        new(
            StatusCodes.Status403Forbidden, WebErrors.Forbidden,
            "This set-up code is wrong or has run out. On the hub, 'wghub setup-code' makes a new one.")
        {
            Errors =
                new Dictionary<string, string[]> { ["code"] = ["Wrong, or no longer valid."] }
        };
}
