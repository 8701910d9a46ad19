using System.Security.Cryptography;
using WgHub.Hosting;

namespace WgHub.Features.Auth.Local;

/// <summary>What an authenticator app and the hub share. It prints as <c>***</c>.</summary>
internal sealed class TotpSeed(byte[] bytes)
{
    private const int Bytes = 20;

    /// <summary>As it is kept, under the master key: base64.</summary>
    public Secret Stored => new(Convert.ToBase64String(bytes));

    public static TotpSeed New() => new(RandomNumberGenerator.GetBytes(Bytes));

    public static TotpSeed FromStored(Secret text) => new(Convert.FromBase64String(text.Reveal()));

    public byte[] Reveal() => bytes;

    public override string ToString() => "***";
}
