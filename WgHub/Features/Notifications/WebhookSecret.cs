using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WgHub.Hosting;

namespace WgHub.Features.Notifications;

/// <summary>What signs webhooks, as Standard Webhooks 1.0 has it: <c>whsec_</c> and 32 bytes in base64.</summary>
internal static class WebhookSecret
{
    private const string Prefix = "whsec_";

    public static Secret New() => new(Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

    /// <returns>The header <c>webhook-signature</c>: one for each secret, the newest first.</returns>
    public static string Sign(IEnumerable<Secret> secrets, string id, DateTimeOffset at, string body)
    {
        var signed = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.{body}"));
        return string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret), signed))}"));
    }

    private static byte[] KeyOf(Secret secret) => Convert.FromBase64String(secret.Reveal()[Prefix.Length..]);
}
