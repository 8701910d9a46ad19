using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WgHub.TestKit;

/// <summary>A device with one passkey (ES256), and the browser that asks it: honest until a test bends it. See Web Authentication, §6.</summary>
internal sealed class SoftAuthenticator(string origin) : IDisposable
{
    private const byte WithKey = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] Id { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Where the browser believes to be.</summary>
    public string Origin { get; set; } = origin;

    /// <summary>The next count; null for a passkey that is copied between devices and counts nothing.</summary>
    public uint? Count { get; set; } = 1;

    public bool IsUserVerified { get; set; } = true;

    /// <summary>The account that the passkey believes to be of.</summary>
    public string? UserHandle { get; set; }

    /// <param name="options">What the hub gave for <c>navigator.credentials.create</c>.</param>
    public string Make(JsonElement options)
    {
        UserHandle = options.GetProperty("user").GetProperty("id").GetString();
        var point = _key.ExportParameters(false).Q;
        byte[] key = [0xA5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32, .. point.X!, 0x22, 0x58, 32, .. point.Y!];
        byte[] data = [.. Data(options.GetProperty("rp").GetProperty("id").GetString()!, WithKey), .. new byte[16], 0, (byte)Id.Length, .. Id, .. key];
        byte[] attestation = [0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x58, (byte)data.Length, .. data];
        return Answer(
            new()
            {
                ["clientDataJSON"] = Text(Client("webauthn.create", options)),
                ["attestationObject"] = Text(attestation),
                ["transports"] = new JsonArray("internal")
            });
    }

    /// <param name="options">What the hub gave for <c>navigator.credentials.get</c>.</param>
    public string Use(JsonElement options)
    {
        var client = Client("webauthn.get", options);
        var data = Data(options.GetProperty("rpId").GetString()!, 0);
        var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(
            new() { ["clientDataJSON"] = Text(client), ["authenticatorData"] = Text(data), ["signature"] = Text(signature), ["userHandle"] = UserHandle });
    }

    public void Dispose() => _key.Dispose();

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private byte[] Client(string type, JsonElement options) => Encoding.UTF8.GetBytes(
        new JsonObject
        {
            ["type"] = type,
            ["challenge"] = options.GetProperty("challenge").GetString(),
            ["origin"] = Origin,
            ["crossOrigin"] = false
        }.ToJsonString());

    private byte[] Data(string domain, byte more)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, Count is { } next ? (Count = next + 1).Value - 1 : 0);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(domain)), (byte)(1 | (IsUserVerified ? 4 : 0) | more), .. count];
    }

    private string Answer(JsonObject response) =>
        new JsonObject
        {
            ["id"] = Text(Id),
            ["rawId"] = Text(Id),
            ["type"] = "public-key",
            ["clientExtensionResults"] = new JsonObject(),
            ["response"] = response
        }.ToJsonString();
}
