using System.Text.RegularExpressions;

namespace WgHub.Features.Clusters;

/// <summary>Names and versions as Proxmox VE has them, and a little more: hubs were told names with a dot too.</summary>
internal static partial class PveName
{
    public static bool TryParse(string? text, out string name)
    {
        name = text ?? "";
        return NameShape().IsMatch(name);
    }

    /// <summary>Reads <c>8.3.3</c>, and the line that <c>pveversion</c> prints, in Proxmox VE 7 to 9 alike.</summary>
    public static bool TryParseVersion(string? text, out string version)
    {
        version = VersionShape().Match(text ?? "").Groups["version"].Value;
        return version.Length > 0;
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9.-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameShape();

    [GeneratedRegex(
        @"\A((?<version>[0-9][0-9A-Za-z.~+-]{0,31})|pve-manager/(?<version>[0-9][0-9A-Za-z.~+-]{0,31})/[0-9a-f]{1,40}( \(running (kernel|version): [0-9A-Za-z.~+/-]{1,64}\))?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex VersionShape();
}
