namespace WgHub.Features.Auth.Passkeys;

/// <summary>A button that uses a passkey.</summary>
/// <param name="Action">The page that takes the answer.</param>
/// <param name="UserId">Whose passkey; null for anybody's.</param>
internal sealed record PasskeyForm(string Action, string? ReturnUrl, string? UserId);
