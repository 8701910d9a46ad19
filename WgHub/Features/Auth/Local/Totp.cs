using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WgHub.Features.Auth.Local;

/// <summary>One-time codes of authenticator apps: RFC 6238 with what all of them can do, which is HMAC-SHA-1, 30 s and six digits.</summary>
internal static class Totp
{
    public const int Digits = 6;

    private const int SeedBytes = 20;
    private const int StepSeconds = 30;
    private const string Base32Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static byte[] NewSeed() => RandomNumberGenerator.GetBytes(SeedBytes);

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6238; HMAC does not rest on what SHA-1 has lost.")]
    public static string CodeAt(long step, byte[] seed, int digits = Digits)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(seed, counter, hash);
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xf)..]) & int.MaxValue;
        return (number % (int)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>Looks for the code among now, the step before and the step after: clocks differ, and people type slowly.</summary>
    /// <param name="lastStep">The newest step that was used: a code works once, and none from before it.</param>
    /// <returns>The step whose code it is, or null.</returns>
    public static long? Match(string code, byte[] seed, DateTimeOffset now, long lastStep)
    {
        var typed = Encoding.UTF8.GetBytes(code);
        long? found = null;
        for (var step = StepAt(now) - 1; step <= StepAt(now) + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(typed, Encoding.UTF8.GetBytes(CodeAt(step, seed))) && step > lastStep)
            {
                found ??= step;
            }
        }

        return found;
    }

    /// <summary>The seed as it is typed into an app: RFC 4648 base32 in groups of four.</summary>
    public static string Spell(byte[] seed) => string.Join(' ', Base32(seed).Chunk(4).Select(group => new string(group)));

    /// <summary>What the QR code holds.</summary>
    /// <param name="hub">Tells this hub from others in the app's list.</param>
    public static string Address(byte[] seed, string hub, string name)
    {
        var issuer = Uri.EscapeDataString($"WgHub {hub}");
        return $"otpauth://totp/{issuer}:{Uri.EscapeDataString(name)}?secret={Base32(seed)}&issuer={issuer}";
    }

    private static string Base32(byte[] bytes)
    {
        var text = new StringBuilder();
        var bits = 0;
        var held = 0;
        foreach (var value in bytes)
        {
            held = (held << 8) | value;
            for (bits += 8; bits >= 5; bits -= 5)
            {
                text.Append(Base32Alphabet[(held >> (bits - 5)) & 31]);
            }
        }

        return text.ToString(); // a seed of 20 bytes leaves no bits over
    }
}
