namespace WgHub.Features.Auth.Oidc;

internal static class Printable
{
    /// <summary>Text of a provider, fit for a page, a log line and the audit log: letters, digits and a few signs, nothing that turns or hides text.</summary>
    public static string Of(string text, int longest) =>
        new string([.. text.Where(c => char.IsLetterOrDigit(c) || " .,:;@/_-+'()=?&%#".Contains(c, StringComparison.Ordinal)).Take(longest)]).Trim();
}
