using WgHub.Web;

namespace WgHub.Features.Auth;

/// <summary>Refusals about accounts and sign-in.</summary>
internal static class AuthErrors
{
    public static AppException NotSignedIn() => new(StatusCodes.Status401Unauthorized, WebErrors.NotSignedIn, "Sign in, or send an API token.");

    public static AppException Forbidden() => new(StatusCodes.Status403Forbidden, WebErrors.Forbidden, "Your role does not allow this.");

    /// <summary>Signed in by the identity provider, which gives the account nothing here.</summary>
    public static AppException NoRole(string? name) =>
        new(StatusCodes.Status403Forbidden, WebErrors.Forbidden, $"You are signed in as {name}, but your account has no role here. Ask an administrator of the hub for one.");

    public static AppException NoAntiforgery() =>
        new(StatusCodes.Status403Forbidden, WebErrors.Forbidden, "A change from a browser needs the antiforgery header. Reload the page and try again.");

    public static AppException NameInUse(string name) => new(StatusCodes.Status409Conflict, "NAME_IN_USE", $"There is an account '{name}' already.");

    public static AppException UnknownRole() => WebErrors.Invalid("role", Roles.Rule);

    public static AppException OwnAccount() =>
        new(StatusCodes.Status403Forbidden, WebErrors.Forbidden, "Nobody changes their own role or switches their own account off. Another administrator can.");

    public static AppException LastAdministrator(string name) =>
        new(StatusCodes.Status409Conflict, "LAST_ADMINISTRATOR", $"'{name}' is the last administrator who can sign in. Make another one first.");

    /// <summary>The same for an unknown name, a wrong password and a disabled account.</summary>
    public static AppException WrongNameOrPassword() =>
        new(StatusCodes.Status401Unauthorized, WebErrors.NotSignedIn, "Name or password is wrong.");

    public static AppException WrongSetupCode() =>
        new(StatusCodes.Status403Forbidden, WebErrors.Forbidden, "This set-up code is wrong or has run out. On the hub, 'wghub setup-code' makes a new one.") { Errors = new Dictionary<string, string[]> { ["code"] = ["Wrong, or no longer valid."] } };
}
