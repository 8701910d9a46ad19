using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using WgHub.Features.Tls;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Scripts;

/// <summary>
/// The install script for Windows, from the parts in <c>templates/windows</c>, and the line that runs it. Where an authority vouches for
/// the hub, the line fetches the script with its token. Not every curl and PowerShell that Windows brings can hold on to a key while it
/// downloads, so for a hub with a certificate of its own the line fetches a script that holds no secret, compares its hash, and only
/// then gives it the token (docs/adr/0013).
/// </summary>
internal sealed class WindowsScript(IOptions<WindowsOptions> options)
{
    public const string ContentType = "text/plain";

    /// <summary>What the address of a script names for this one.</summary>
    public const string Platform = "windows";

    /// <summary>Where the script without a token is.</summary>
    public const string Path = "/i/install.ps1";

    private readonly Lazy<ScriptTemplate> _template = new(() => ScriptTemplate.FromFiles("templates/windows/", ".ps1", PsQuoting.Quote));

    /// <param name="server">Where the spoke reaches this hub.</param>
    /// <param name="token">The token's secret; null for a script that is given one when it is run.</param>
    public string Render(ServerAddress server, string? token) => _template.Value.Render(new Dictionary<string, string?>
    {
        ["hubUrl"] = server.Url.Base(),
        ["hubPin"] = server.Pin ?? "",
        ["hubPinClass"] = HubPinClass(),
        ["token"] = token ?? "",
        ["answerShape"] = AnswerShape.Pattern,
        ["version"] = BuildInfo.Version,
        ["msiX64Url"] = options.Value.MsiX64Url,
        ["msiX64Sha256"] = options.Value.MsiX64Sha256,
        ["msiArm64Url"] = options.Value.MsiArm64Url,
        ["msiArm64Sha256"] = options.Value.MsiArm64Sha256,
    });

    /// <summary>What an administrator pastes into PowerShell.</summary>
    /// <param name="hash">Of the script that holds no token; null where an authority vouches for the hub.</param>
    /// <param name="token">Null for a machine that is installed, where one lies: the hub's settings anew.</param>
    /// <param name="options">More for the script, each with a space before it; no text of anybody's.</param>
    public static string LineFor(ServerAddress server, string? hash, string? token, string options = "") => hash is null
        ? $"[Net.ServicePointManager]::SecurityProtocol='Tls12';&([scriptblock]::Create((irm {PsQuoting.Quote(server.Url.Below(token is null ? Path : $"/i/{token}?platform={Platform}").AbsoluteUri)}))){options}"
        : $"$s=(curl.exe -fsSk {PsQuoting.Quote(server.Url.Below(Path).AbsoluteUri)})-join\"`n\";"
          + "$h=[BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash([Text.Encoding]::ASCII.GetBytes($s)))-replace'-';"
          + $"if($h-ceq'{hash}'){{&([scriptblock]::Create($s)){(token is null ? "" : $" -Token '{token}'")}{options}}}"
          + "elseif($s-cmatch'\\A# WgHub: ''([a-zA-Z0-9 ,.:;()'']{1,300})''\\n'){throw \"Nothing was run. What answers there, unproven, says: $($Matches[1])\"}"
          + $"else{{throw 'This is not the script of your hub. Nothing of it was run. Was the hub updated? Make a new line.'}}";

    /// <summary>Of the lines as PowerShell joins them again: without the last line's end.</summary>
    public static string HashOf(string script) => Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(script.TrimEnd('\n'))));

    /// <summary>In one line, as a quoted word has to be; its comment stays behind.</summary>
    private static string HubPinClass() => string.Join(
        ' ', EmbeddedFiles.ReadText("templates/windows/HubPin.cs").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)));
}
