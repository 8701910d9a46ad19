using HandlebarsDotNet;
using WgHub.Features.Tls;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Enrolment;

/// <summary>
/// Joins the parts in <c>templates/install</c>, in the order of their names, and fills them. The renderer of scripts for sh: its encoder
/// puts every value in single quotes for sh, so a template cannot forget to, and a name that the model lacks is an error.
/// </summary>
internal sealed class InstallScript
{
    private readonly Lazy<HandlebarsTemplate<object, object>> _template = new(Compile);

    /// <param name="hub">Where the spoke reaches this hub.</param>
    /// <param name="token">The token's secret.</param>
    /// <param name="tunnelAddress">The hub's own in the tunnel.</param>
    /// <param name="isReenrolment">True: the machine makes a new key.</param>
    public string Render(HubAddress hub, string tunnelAddress, string token, string spokeName, bool isReenrolment = false) => _template.Value(new Dictionary<string, object>
    {
        ["hubUrl"] = hub.Url.GetLeftPart(UriPartial.Authority),
        ["hubAddress"] = tunnelAddress,
        ["token"] = token,
        ["spokeName"] = spokeName,
        ["reenrol"] = isReenrolment ? "yes" : "no",
        ["version"] = BuildInfo.Version,
        ["hubPin"] = hub.Pin ?? "",
    });

    private static HandlebarsTemplate<object, object> Compile() =>
        Handlebars.Create(new HandlebarsConfiguration { TextEncoder = new ShQuoting(), ThrowOnUnresolvedBindingExpression = true })
            .Compile(string.Concat(EmbeddedFiles.List("templates/install/").Select(EmbeddedFiles.ReadText)));
}
