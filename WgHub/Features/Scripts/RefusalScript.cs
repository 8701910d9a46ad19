using System.Text;
using WgHub.Web;

namespace WgHub.Features.Scripts;

/// <summary>
/// A refusal for whoever runs what comes: a script that tells it and fails. With a status of its own, <c>curl -f … | sh</c> would print that
/// number alone, and the pipe would end well.
/// </summary>
internal sealed class RefusalScript
{
    /// <summary>As the install script's own: the hub said no, or it has no good answer.</summary>
    private const string Refused = "3", NoAnswer = "4";

    /// <summary>Of what is told, in characters: it is one line in a terminal.</summary>
    private const int Longest = 300;

    private readonly Lazy<ScriptTemplate> _sh = new(() => ScriptTemplate.FromFiles("templates/refusal", ".sh", ShQuoting.Quote));
    private readonly Lazy<ScriptTemplate> _powerShell = new(() => ScriptTemplate.FromFiles("templates/refusal", ".ps1", PsQuoting.Quote));

    /// <summary>At an address of lines, unless the caller names JSON or HTML as what it reads: curl, wget and PowerShell name neither.</summary>
    public static bool Fits(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Path.StartsWithSegments(ScriptsRoom.Downloads)
        && !$"{request.Headers.Accept}".Contains("json", StringComparison.OrdinalIgnoreCase)
        && !$"{request.Headers.Accept}".Contains("html", StringComparison.OrdinalIgnoreCase);

    public Task WriteAsync(HttpContext context, AppException refusal)
    {
        var (text, isPowerShell) = (Render(refusal, context.Request), IsForPowerShell(context.Request));
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = $"{(isPowerShell ? WindowsScript.ContentType : InstallScript.ContentType)}; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        return response.WriteAsync(text, Encoding.UTF8, context.RequestAborted);
    }

    private static bool IsForPowerShell(HttpRequest request) =>
        request.Query["platform"] == WindowsScript.Platform || request.Path.Value?.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase) == true;

    private string Render(AppException refusal, HttpRequest request)
    {
        var isNo = refusal.Status < StatusCodes.Status500InternalServerError;
        return (IsForPowerShell(request) ? _powerShell : _sh).Value.Render(new Dictionary<string, string?>
        {
            ["reason"] = Printable($"{(isNo ? "The hub refused" : "No good answer from the hub")}: {refusal.Message}{WayFor(refusal)}"),
            ["exitCode"] = isNo ? Refused : NoAnswer,
            ["errorId"] = isNo ? "WgHub.Refused" : "WgHub.NoHub",
        });
    }

    /// <summary>What helps when it is the line that is wrong.</summary>
    private static string WayFor(AppException refusal) =>
        refusal.Status == StatusCodes.Status404NotFound || refusal.Code == WebErrors.ValidationFailed ? " Was the line copied whole?" : "";

    /// <summary>The words of another program can be in it: of those, what a terminal prints as it stands.</summary>
    private static string Printable(string text) =>
        string.Concat((text.Length > Longest ? text[..Longest] : text).Select(letter => letter is >= ' ' and <= '~' ? letter : '?'));
}
