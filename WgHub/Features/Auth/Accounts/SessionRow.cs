namespace WgHub.Features.Auth.Accounts;

/// <summary>A session as a page shows it at one moment.</summary>
/// <param name="IsThis">It is the very one that looks.</param>
internal sealed record SessionRow(Session Session, bool IsThis, DateTimeOffset Now)
{
    private static readonly (string Sign, string Name)[] Browsers =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")];

    private static readonly (string Sign, string Name)[] Systems =
        [("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS X", "macOS"), ("Linux", "Linux")];

    /// <summary>Such as <c>Firefox on Linux</c>, as far as the browser tells the truth.</summary>
    public string Browser => (Named(Browsers), Named(Systems)) switch
    {
        (null, null) => Session.UserAgent.Length > 0 ? Session.UserAgent : "unknown",
        (var browser, null) => browser,
        (null, var system) => system,
        var (browser, system) => $"{browser} on {system}",
    };

    public string Way => Session.Way switch
    {
        SignInWay.Totp => "password and code",
        SignInWay.Recovery => "password and recovery code",
        SignInWay.Oidc => "identity provider",
        var way => way,
    };

    /// <summary>The first that fits: newer browsers name older ones too.</summary>
    private string? Named((string Sign, string Name)[] signs) =>
        Array.Find(signs, sign => Session.UserAgent.Contains(sign.Sign, StringComparison.Ordinal)).Name;
}
