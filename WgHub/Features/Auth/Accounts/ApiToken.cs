namespace WgHub.Features.Auth.Accounts;

/// <summary>A program's way in, without its secret.</summary>
/// <param name="Hint">The secret's last four characters; empty for a token from before they were kept.</param>
/// <param name="CreatedBy">As the audit log names its maker; empty for a token from before that was kept.</param>
/// <param name="LastUsedAt">To the minute.</param>
internal sealed record ApiToken(
    string Id,
    string Name,
    string Role,
    string Hint,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? RevokedAt)
{
    public ApiTokenState StateAt(DateTimeOffset now) =>
        RevokedAt is not null ? ApiTokenState.Revoked
        : ExpiresAt <= now ? ApiTokenState.Expired
        : ApiTokenState.Valid;
}

internal enum ApiTokenState
{
    Valid,
    Expired,
    Revoked,
}
