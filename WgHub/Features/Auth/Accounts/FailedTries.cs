namespace WgHub.Features.Auth.Accounts;

/// <summary>Tries in a row that failed, and from when on the next one counts.</summary>
internal readonly record struct FailedTries(int Count, DateTimeOffset? Until);
