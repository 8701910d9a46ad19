using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WgHub.WireGuard;

/// <summary>Settings under <c>WireGuard</c>.</summary>
internal sealed class WireGuardOptions
{
    public const string Section = "WireGuard";

    /// <summary>What the interface is called where nobody names another.</summary>
    public const string UsualInterface = "wg0";

    private const string Program = "the name of a program on PATH, or its path";

    /// <summary>
    /// Name that the interface of a new hub gets, at most 15 bytes (IFNAMSIZ without the final NUL); null for <see cref="UsualInterface"/>. A
    /// hub that is set up keeps its own.
    /// </summary>
    [MinLength(1), RegularExpression("^[a-zA-Z0-9_=+.-]{1,15}$", ErrorMessage = "a name of 1 to 15 letters, digits and _=+.-")]
    public string? Interface { get; set; }

    /// <summary>Where the copy for a boot without us is written, as <c>INTERFACE.conf</c> for wg-quick.</summary>
    [Required, RegularExpression("^/.*", ErrorMessage = "a folder's path that begins with /")]
    public string ConfigDirectory { get; set; } = "/etc/wireguard";

    /// <summary>False: no conf file is written, so the private key never lies unencrypted on the disk; a boot then needs the hub.</summary>
    public bool WriteConfig { get; set; } = true;

    /// <summary>When to use <c>wireguard-go</c> instead of the kernel: <c>auto</c> when the kernel has no WireGuard, <c>always</c>, <c>never</c>.</summary>
    [AllowedValues("auto", "always", "never")]
    public string Userspace { get; set; } = "auto";

    /// <summary>What happens to peers that the hub does not know: <c>repair</c> removes them, <c>report</c> only shows them.</summary>
    [AllowedValues("repair", "report")]
    public string DriftPolicy { get; set; } = "repair";

    /// <summary>Seconds between two looks at handshakes and traffic, while somebody looks at the hub; else they are read with the full comparison.</summary>
    [Range(1, 3600)]
    public int SampleSeconds { get; set; } = 2;

    /// <summary>Seconds between two full comparisons of the interface with the database.</summary>
    [Range(1, 30)]
    public int ReconcileSeconds { get; set; } = 10;

    /// <summary>Seconds that one run of a program may take before it is ended.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 5;

    /// <summary>The wg program: a name on PATH or an absolute path.</summary>
    [Required(ErrorMessage = Program)]
    public string WgCommand { get; set; } = "wg";

    /// <summary>The ip program of iproute2: a name on PATH or an absolute path.</summary>
    [Required(ErrorMessage = Program)]
    public string IpCommand { get; set; } = "ip";

    /// <summary>The nft program of nftables: a name on PATH or an absolute path.</summary>
    [Required(ErrorMessage = Program)]
    public string NftCommand { get; set; } = "nft";

    /// <summary>The userspace implementation: a name on PATH or an absolute path.</summary>
    [Required(ErrorMessage = Program)]
    public string UserspaceCommand { get; set; } = "wireguard-go";
}

[OptionsValidator]
internal sealed partial class WireGuardOptionsValidator : IValidateOptions<WireGuardOptions>;
