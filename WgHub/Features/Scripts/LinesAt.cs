using WgHub.Features.Tls;
using WgHub.Web;

namespace WgHub.Features.Scripts;

/// <summary>Writes lines for one way to the server.</summary>
/// <param name="WindowsHash">Of the script for Windows, where the line compares it; null where an authority vouches for the server.</param>
internal sealed record LinesAt(ServerAddress Address, string? WindowsHash)
{
    /// <summary>True when the lines lead to this very machine, as when the browser runs on it: elsewhere they lead nowhere.</summary>
    public bool IsLoopback => Address.Url.IsLoopback;

    /// <param name="token">The token's secret.</param>
    public InstallLine For(string token)
    {
        var sudo = $"{Download(token)} | sudo sh";
        return new(sudo, sudo, WindowsScript.LineFor(Address, WindowsHash, token), ForNode(token), Address.Url.Below($"/join/{token}"));
    }

    /// <summary>
    /// The line for a machine that is installed, to fetch the hub's settings anew. It is the same for all of them and holds no secret: the
    /// token that proves who asks lies on the machine.
    /// </summary>
    public string Again => $"{Download("again")} | sudo sh";

    /// <inheritdoc cref="Again"/>
    public string AgainOnWindows => WindowsScript.LineFor(Address, WindowsHash, null);

    /// <summary>The line for a machine that is connected, to exchange its key without a break. The same for all of them, without a secret.</summary>
    public string Rotate => $"{Download("rotate")} | sudo sh";

    /// <inheritdoc cref="Rotate"/>
    /// <param name="tunnelAddress">The hub's own in the tunnel, by IPv4: the script does not know it.</param>
    public string RotateOnWindows(string tunnelAddress) => WindowsScript.LineFor(Address, WindowsHash, null, $" -Rotate {tunnelAddress}");

    /// <summary>For the shell of root on a Proxmox VE node.</summary>
    /// <param name="token">The token's secret.</param>
    public string ForNode(string token) => $"{Download(token)} | sh";

    private string Download(string token) => $"curl -fsSL {Address.CurlOptions}{Address.Url.Below($"/i/{token}")}";
}
