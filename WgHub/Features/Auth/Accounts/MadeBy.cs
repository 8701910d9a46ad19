using System.Text.Json;
using WgHub.Features.Audit;
using WgHub.Storage;

namespace WgHub.Features.Auth.Accounts;

/// <summary>Something that an account made and that gives power without it.</summary>
/// <param name="Kind">Before the name of one, such as <c>API token</c>.</param>
/// <param name="Name">May be empty.</param>
internal sealed record Made(string Kind, string Name, DateTimeOffset? ExpiresAt)
{
    public string What => Name.Length == 0 ? Kind : $"{Kind} {Name}";
}

/// <summary>A kind of it. A room that makes such a thing tells of it here, so that whoever takes somebody's rights takes all of them.</summary>
internal abstract class MadeBy
{
    /// <summary>What opens something now.</summary>
    /// <param name="userId">Whose rights it was made with: also what a program of theirs made.</param>
    public abstract IReadOnlyList<Made> Open(Tx tx, string userId);

    /// <summary>Ends what the account may not have any more, inside the transaction that takes it its rights; each with its audit entry.</summary>
    /// <param name="role">What the account may from now on; null for nothing.</param>
    /// <returns>What ended.</returns>
    public abstract IReadOnlyList<Made> Revoke(Tx tx, User maker, string? role);
}

/// <summary>All kinds together.</summary>
internal sealed class AllMadeBy(IEnumerable<MadeBy> kinds, Database database)
{
    private const string Fact = "madeTokensRevoked";

    public IReadOnlyList<Made> Open(string userId) => database.Read(tx => kinds.SelectMany(kind => kind.Open(tx, userId)).ToList());

    /// <inheritdoc cref="MadeBy.Revoke"/>
    public IReadOnlyList<Made> Revoke(Tx tx, User maker, string? role) => [.. kinds.SelectMany(kind => kind.Revoke(tx, maker, role))];

    /// <summary>What the audit entry of the change tells of it; no fact when nothing ended.</summary>
    public static (string Name, string? Value)[] Told(IReadOnlyList<Made> ended) =>
        ended.Count == 0 ? [] : [(Fact, string.Join(", ", ended.Select(one => one.What)))];

    /// <returns>Null when nothing ended with that change.</returns>
    public static string? ToldIn(AuditEntry entry)
    {
        using var detail = JsonDocument.Parse(entry.Detail);
        return detail.RootElement.TryGetProperty(Fact, out var ended) ? ended.GetString() : null;
    }
}
