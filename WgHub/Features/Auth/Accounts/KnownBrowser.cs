namespace WgHub.Features.Auth.Accounts;

/// <summary>A browser in which somebody has signed in before.</summary>
/// <param name="UserId">Who did.</param>
/// <param name="Id">Of chance; another one with each sign-in.</param>
internal sealed record KnownBrowser(string UserId, string Id);
