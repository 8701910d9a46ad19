using System.Security.Cryptography;
using System.Text;

namespace WgHub.Features.Auth.Accounts;

internal static class Hashes
{
    /// <summary>What is kept of a secret that is random through and through: SHA-256, lower-case hex.</summary>
    public static string Of(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
