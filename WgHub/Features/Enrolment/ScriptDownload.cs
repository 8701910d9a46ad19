using System.Text;
using WgHub.Features.Hub;
using WgHub.Features.Scripts;
using WgHub.Features.Tls;
using WgHub.Features.Tokens;
using WgHub.Web;

namespace WgHub.Features.Enrolment;

/// <summary>The scripts that install lines fetch. Downloading uses nothing up.</summary>
internal sealed class ScriptDownload(TokenDoor door, InstallScript script, WindowsScript windows, HubStore hubs, ServerAddresses addresses)
{
    /// <summary>A used token still gets its script: the machine it belongs to may run the same line again.</summary>
    /// <param name="platform">Null or empty for sh, which finds the platform itself.</param>
    /// <exception cref="AppException">VALIDATION_FAILED, TOKEN_NOT_FOUND, TOKEN_REVOKED, TOKEN_EXPIRED.</exception>
    public IResult For(HttpContext context, string token, string? platform)
    {
        CheckPlatform(platform);
        var open = door.Open(token);
        open.RefuseIfOver();
        var (server, isWindows) = (addresses.For(context), platform == Platforms.Windows);
        var file = $"install-spoke-{(open.SpokeName.Length > 0 ? open.SpokeName : "of-a-cluster")}.{(isWindows ? "ps1" : "sh")}";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{file}\"";
        return isWindows ? ForWindows(windows.Render(server, token)) : Results.Text(
            script.Render(server, hubs.Required().TunnelAddress, token, open.SpokeName, open.IsReenrolment), InstallScript.ContentType, Encoding.UTF8);
    }

    /// <summary>For Windows without a token: the same for everybody, so that its line can hold its hash.</summary>
    public IResult WithoutToken(HttpContext context) => ForWindows(windows.Render(addresses.For(context), null));

    /// <summary>For a machine that is installed: the hub's settings anew.</summary>
    /// <exception cref="AppException">HUB_NOT_INITIALIZED.</exception>
    public IResult Again(HttpContext context) =>
        Results.Text(script.RenderAgain(addresses.For(context), hubs.Required().TunnelAddress), InstallScript.ContentType, Encoding.UTF8);

    private static IResult ForWindows(string text) => Results.Text(text, WindowsScript.ContentType, Encoding.UTF8);

    private static void CheckPlatform(string? platform)
    {
        if (platform is { Length: > 0 } && !Platforms.TryParse(platform, out _))
        {
            throw WebErrors.Invalid("platform", $"One of {string.Join(", ", Platforms.All)}.");
        }

        if (platform is { Length: > 0 } and not Platforms.Linux and not Platforms.Proxmox and not Platforms.MacOS and not Platforms.Windows)
        {
            throw EnrolmentErrors.NoScript(platform);
        }
    }
}
