namespace WgHub.Features.Auth;

/// <summary>A local account.</summary>
internal sealed record User(string Id, string Name, string Role, bool Enabled);
