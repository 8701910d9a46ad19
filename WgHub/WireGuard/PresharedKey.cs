using System.Security.Cryptography;
using WgHub.Hosting;

namespace WgHub.WireGuard;

/// <summary>
/// A key that the hub and one spoke share besides their key pairs. It is mixed into the handshake: who records the tunnel today and
/// breaks Curve25519 some day, with a quantum computer, still lacks it (WireGuard paper, §5.2).
/// </summary>
internal static class PresharedKey
{
    /// <summary>All zeros: wg(8) takes it for none, and takes one away that is set. A missing line would leave it.</summary>
    public const string None = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    /// <summary>32 bytes of chance in base64, as <c>wg genpsk</c> gives them, without starting a program.</summary>
    public static Secret New() => new(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
}
