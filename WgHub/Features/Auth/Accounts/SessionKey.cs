using System.Buffers.Text;
using System.Security.Cryptography;

namespace WgHub.Features.Auth.Accounts;

/// <summary>What a browser's cookie holds: 256 random bits as 43 characters of base64url. It prints as <c>***</c>.</summary>
internal sealed class SessionKey
{
    private const int Bytes = 32;
    private const int Length = 43;

    private readonly string _text;

    private SessionKey(string text) => _text = text;

    /// <summary>See <see cref="Hashes"/>.</summary>
    public string Hash => Hashes.Of(_text);

    public static SessionKey New() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));

    /// <returns>Null for what is none.</returns>
    public static SessionKey? Read(string? text) => text is { Length: Length } ? new(text) : null;

    public string Reveal() => _text;

    public override string ToString() => "***";
}
