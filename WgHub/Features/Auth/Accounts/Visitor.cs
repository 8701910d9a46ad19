namespace WgHub.Features.Auth.Accounts;

/// <summary>The browser that somebody signs in with.</summary>
/// <param name="UserAgent">As it calls itself, at most 200 printable characters; may be empty.</param>
internal sealed record Visitor(string? Address, string UserAgent)
{
    /// <summary>Null for a browser in which nobody has signed in of late.</summary>
    public KnownBrowser? Known { get; init; }

    private const int LongestUserAgent = 200;

    public static Visitor Of(HttpContext context) =>
        new(
            context.Connection.RemoteIpAddress?.ToString(),
            new([.. context.Request.Headers.UserAgent.ToString().Where(c => c is >= ' ' and <= '~').Take(LongestUserAgent)]));
}
