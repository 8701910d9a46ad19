namespace WgHub.Features.Auth.Oidc;

/// <summary>How a sign-in by the identity provider can fail, as far as whoever signs in is told: <c>/signin?error=CODE</c>.</summary>
internal static class OidcFailure
{
    public const string Failed = "failed";
    public const string Denied = "denied";
    public const string Unavailable = "unavailable";
    public const string Clock = "clock";
    public const string Disabled = "disabled";

    /// <returns>The sentence of a code; null for one that is not ours, which anybody may have written into the address.</returns>
    public static string? Sentence(string? code) => code switch
    {
        Failed => "The sign-in by the identity provider failed. Try again; if it fails again, the hub's log says why.",
        Denied => "The identity provider did not let you in, or you went back.",
        Unavailable => "The identity provider does not answer. Try again later, or sign in with a local account.",
        Clock => "The clocks of the hub and of the identity provider differ too much. The hub's log says by how much.",
        Disabled => "Your account is switched off here. Ask an administrator.",
        _ => null,
    };
}

/// <summary>Why somebody is not let in.</summary>
/// <param name="code">One of <see cref="OidcFailure"/>.</param>
/// <param name="reason">A stable word for the audit log, such as <c>token-signature</c>.</param>
/// <param name="message">A sentence for the log and for the administrator who tests; it holds no token, no secret, and no claim but the issuer.</param>
internal sealed class OidcException(string code, string reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;

    public string Reason { get; } = reason;

    /// <summary>The provider may have new keys: asking for them once may help.</summary>
    public bool MayBeNewKey { get; init; }

    public static OidcException Failed(string reason, string message) => new(OidcFailure.Failed, reason, message);

    public static OidcException Unavailable(string reason, string message, Exception? inner = null) => new(OidcFailure.Unavailable, reason, message, inner);
}
