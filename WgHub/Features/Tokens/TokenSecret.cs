using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using WgHub.Web;

namespace WgHub.Features.Tokens;

/// <summary>The secret that an administrator pastes: 256 random bits as 43 characters of base64url. It prints as <c>***</c>.</summary>
internal sealed class TokenSecret
{
    private const int Bytes = 32;
    private const int Length = 43;

    private readonly string _text;

    private TokenSecret(string text) => _text = text;

    /// <summary>What the database keeps: SHA-256 in lower-case hex. With 256 random bits inside there is nothing to guess, so no slow hash.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(_text)));

    public static TokenSecret New() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));

    public static bool TryParse(string? text, [NotNullWhen(true)] out TokenSecret? secret)
    {
        secret = text is { Length: Length } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? new(text) : null;
        return secret is not null;
    }

    /// <exception cref="AppException">VALIDATION_FAILED when it is missing, TOKEN_NOT_FOUND when it is none.</exception>
    public static TokenSecret Parse(string? text) =>
        text is null or "" ? throw WebErrors.Invalid("token", "This is needed.") : TryParse(text, out var secret) ? secret : throw TokenErrors.NotFound();

    public string Reveal() => _text;

    public override string ToString() => "***";
}
