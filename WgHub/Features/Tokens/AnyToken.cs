using WgHub.Storage;

namespace WgHub.Features.Tokens;

/// <summary>What tokens of all kinds have. The secret is not there: only its hash is in the database.</summary>
internal abstract record AnyToken
{
    public required string Id { get; init; }

    /// <summary>The hub that whoever comes with it will be of.</summary>
    public required HubId Hub { get; init; }

    /// <summary>Name of the actor.</summary>
    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>True when nobody new can come with it.</summary>
    protected abstract bool IsUsed { get; }

    public TokenState StateAt(DateTimeOffset now) =>
        RevokedAt is not null ? TokenState.Revoked
        : IsUsed ? TokenState.Used
        : ExpiresAt <= now ? TokenState.Expired
        : TokenState.Pending;
}
