using System.Text.Json.Serialization;

namespace WgHub.Features.Auth.Passkeys;

/// <summary>A key that a device, a phone or a password manager keeps for one account (WebAuthn); the hub holds its public half.</summary>
/// <param name="Id">The credential's id in base64url.</param>
internal sealed record Passkey(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>What proves it; the column <c>passkeys.credential</c>.</summary>
/// <param name="PublicKey">As a COSE key (RFC 9052).</param>
/// <param name="SignCount">Goes up with each use; stays 0 for a key that is copied between devices.</param>
/// <param name="Transports">Such as <c>usb</c> or <c>internal</c>: a hint for the browser.</param>
internal sealed record PasskeyCredential(byte[] PublicKey, uint SignCount, string[]? Transports, bool IsUserVerified, bool IsBackupEligible, bool IsBackedUp);

[JsonSerializable(typeof(PasskeyCredential))]
internal sealed partial class PasskeyJson : JsonSerializerContext;
