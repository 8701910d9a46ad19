using System.Security.Cryptography;
using System.Text;
using WgHub.Hosting;
using WgHub.WireGuard;

namespace WgHub.Features.Rotation;

/// <summary>
/// What only root on the spoke can write: a hash keyed with the tunnel's preshared key, over what is asked for. The hash of the hash,
/// as one alone could be made longer by somebody who lacks the key; sha256sum and a pipe make it, which every machine has.
/// </summary>
internal static class RotationProof
{
    /// <param name="step">What is asked for: <c>begin</c> or <c>finish</c>.</param>
    public static string Of(Secret presharedKey, string step, PublicKey hub, PublicKey old, PublicKey next) =>
        Keyed(presharedKey, Keyed(presharedKey, $"{step}\n{hub}\n{old}\n{next}"));

    /// <summary>Takes as long wherever the two differ.</summary>
    public static bool IsRight(string? proof, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(proof ?? ""), Encoding.ASCII.GetBytes(expected));

    private static string Keyed(Secret key, string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{key.Reveal()}\n{text}\n")));
}
