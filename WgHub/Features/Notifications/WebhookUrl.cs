using System.Net;

namespace WgHub.Features.Notifications;

/// <summary>Where webhooks go: https, and no address that is refused as it stands. What a name leads to is looked at when it is connected to.</summary>
internal sealed record WebhookUrl(Uri Uri)
{
    private const int Longest = 2000;

    /// <returns>Null when it is not taken; then <paramref name="why"/> is a sentence.</returns>
    public static WebhookUrl? TryRead(string? text, ReachOptions reach, out string why)
    {
        why = "An address such as https://example.com/hooks/wghub: https, without a name and a password.";
        if (text is not { Length: > 0 and <= Longest } || text.Any(c => c <= ' ' || c == '\x7f') || !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("https" or "http") || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0 || uri.IdnHost.Length == 0)
        {
            return null;
        }

        var host = uri.IdnHost.TrimEnd('.');
        var isLocal = host == "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal);
        var address = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? literal : isLocal ? IPAddress.Loopback : null;
        if (uri.Scheme == "http" && !(reach.AllowLoopback && address is not null && IPAddress.IsLoopback(address)))
        {
            return null;
        }

        if (address is not null && Reach.RefusalOf(address, reach, own: []) is { } refusal)
        {
            why = refusal;
            return null;
        }

        return new(uri);
    }

    public override string ToString() => Uri.AbsoluteUri;
}
