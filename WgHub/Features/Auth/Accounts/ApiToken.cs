using WgHub.Features.Audit;

namespace WgHub.Features.Auth.Accounts;

/// <summary>A program's way in, without its secret.</summary>
internal sealed record ApiToken
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Role { get; init; }

    /// <summary>The secret's last four characters; empty for a token from before they were kept.</summary>
    public required string Hint { get; init; }

    /// <summary>As the audit log names its maker; empty for a token from before that was kept.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>The account that made it: it ends with that account. Null for a command on the machine.</summary>
    public required string? UserId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>To the minute.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    public required DateTimeOffset? RevokedAt { get; init; }

    /// <summary>As the audit log has it.</summary>
    public Subject Subject => new(Id, Name);

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
