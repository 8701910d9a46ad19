using OtpNet;

namespace WgHub.Features.Auth.Local;

/// <summary>One-time codes of authenticator apps: RFC 6238 with what all of them can do, which is HMAC-SHA-1, 30 s and six digits.</summary>
internal static class Totp
{
    public const int Digits = 6;

    /// <summary>Clocks differ, and people type slowly.</summary>
    private static readonly VerificationWindow OneStepEachWay = new(previous: 1, future: 1);

    /// <summary>Looks for the code among now, the step before and the step after; how long it takes tells nothing of the digits.</summary>
    /// <param name="lastStep">The newest step that was used: a code works once, and none from before it.</param>
    /// <returns>The step whose code it is, or null.</returns>
    public static long? Match(string code, TotpSeed seed, DateTimeOffset now, long lastStep) =>
        new OtpNet.Totp(seed.Reveal()).VerifyTotp(now.UtcDateTime, code, out var step, OneStepEachWay) && step > lastStep ? step : null;

    /// <summary>The seed as it is typed into an app: RFC 4648 base32 in groups of four.</summary>
    public static string Spell(TotpSeed seed) => string.Join(' ', Base32Encoding.ToString(seed.Reveal()).Chunk(4).Select(group => new string(group)));

    /// <summary>What the QR code holds; without what all apps take for granted, which would make it denser.</summary>
    /// <param name="hub">Tells this hub from others in the app's list.</param>
    public static string Address(TotpSeed seed, string hub, string name)
    {
        var issuer = Uri.EscapeDataString($"WgHub {hub}");
        return $"otpauth://totp/{issuer}:{Uri.EscapeDataString(name)}?secret={Base32Encoding.ToString(seed.Reveal())}&issuer={issuer}";
    }
}
