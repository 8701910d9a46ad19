using WgHub.Features.Tls;
using WgHub.Web;

namespace WgHub.Features.Scripts;

/// <summary>Joins the parts in <c>templates/install</c>, in the order of their names, and fills them.</summary>
internal sealed class InstallScript
{
    public const string ContentType = "text/x-shellscript";

    private readonly Lazy<ScriptTemplate> _template = new(() => ScriptTemplate.FromFiles("templates/install/", ".sh", ShQuoting.Quote));

    /// <param name="server">Where the spoke reaches this hub.</param>
    /// <param name="token">The token's secret.</param>
    /// <param name="tunnelAddress">The hub's own in the tunnel.</param>
    /// <param name="spokeName">Empty for a cluster: each node brings its own.</param>
    /// <param name="isReenrolment">True: the machine makes a new key.</param>
    public string Render(ServerAddress server, string tunnelAddress, string token, string spokeName, bool isReenrolment = false) =>
        Render(server, tunnelAddress, token, spokeName, isReenrolment, "rotate");

    /// <summary>Without a token, for machines that are connected: gives one a new key.</summary>
    public string RenderRotate(ServerAddress server, string tunnelAddress) => Render(server, tunnelAddress, "", "", false, "rotate");

    /// <summary>Without a token, for machines that are installed: fetches the hub's settings anew, with the token and the key that lie there.</summary>
    public string RenderAgain(ServerAddress server, string tunnelAddress) => Render(server, tunnelAddress, "", "", false, "again");

    private string Render(ServerAddress server, string tunnelAddress, string token, string spokeName, bool isReenrolment, string withoutToken) =>
        _template.Value.Render(new Dictionary<string, string?>
        {
            ["withoutToken"] = withoutToken,
            ["hubUrl"] = server.Url.Base(),
            ["hubAddress"] = tunnelAddress,
            ["token"] = token,
            ["spokeName"] = spokeName.Length > 0 ? spokeName : null,
            ["reenrol"] = isReenrolment ? "yes" : "no",
            ["version"] = BuildInfo.Version,
            ["hubPin"] = server.Pin,
        });
}
