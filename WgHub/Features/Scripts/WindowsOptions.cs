using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WgHub.Features.Scripts;

/// <summary>
/// Settings under <c>Windows</c>: the installer of WireGuard for a machine that has neither it nor winget nor Chocolatey. The defaults
/// are the vendor's addresses, with the hashes of the winget community's manifest of WireGuard 1.1.1; another version, or a copy in
/// one's own network, is given with its hash.
/// </summary>
internal sealed class WindowsOptions
{
    public const string Section = "Windows";

    private const string Url = @"^https?://[a-zA-Z0-9.:\[\]/_%+-]+\.msi$";
    private const string Sha256 = "^[0-9a-fA-F]{64}$";

    [Required, RegularExpression(Url, ErrorMessage = "the URL of a file.msi, http or https")]
    public string MsiX64Url { get; set; } = "https://download.wireguard.com/windows-client/wireguard-amd64-1.1.1.msi";

    [Required, RegularExpression(Sha256, ErrorMessage = "the 64 hexadecimal digits of a SHA-256")]
    public string MsiX64Sha256 { get; set; } = "7BFED60AD61B785C914B38B61555A975488E1D3EC472DBFB2FCDF498FCA75242";

    [Required, RegularExpression(Url, ErrorMessage = "the URL of a file.msi, http or https")]
    public string MsiArm64Url { get; set; } = "https://download.wireguard.com/windows-client/wireguard-arm64-1.1.1.msi";

    [Required, RegularExpression(Sha256, ErrorMessage = "the 64 hexadecimal digits of a SHA-256")]
    public string MsiArm64Sha256 { get; set; } = "8336335C738D4AFF040FA9D11B752DA65A80B6F41D3262D6BA5E82F97EBD1BD4";
}

[OptionsValidator]
internal sealed partial class WindowsOptionsValidator : IValidateOptions<WindowsOptions>;
