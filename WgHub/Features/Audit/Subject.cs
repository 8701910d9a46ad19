using WgHub.Storage;

namespace WgHub.Features.Audit;

/// <summary>What an entry is about.</summary>
/// <param name="Id">Null when there is no one row.</param>
/// <param name="Name">
/// As it is called when the entry is written: people search for that, also when it is gone. Null where there is only one of its kind.
/// </param>
internal sealed record Subject(string? Id, string? Name)
{
    public static readonly Subject None = new(null, null);

    /// <summary>The only one of its kind.</summary>
    public static Subject One(string id) => new(id, null);

    /// <summary>The account of whoever does it, in whose name the entry is written.</summary>
    public static Subject Self(Tx tx, string userId) => new(userId, tx.By.Name.Split(':', 2) is ["user" or "oidc", var name] ? name : null);
}

/// <summary>What a room tells of its things, for those who read the log.</summary>
/// <param name="LeastRole">Who may open their page.</param>
/// <param name="NameOf">By its id, as it is called now; null when it is gone.</param>
/// <param name="Href">Its page, by its id.</param>
internal sealed record SubjectSource(SubjectKind Kind, string LeastRole, Func<Tx, string, string?> NameOf, Func<string, string> Href)
{
    /// <summary>For a kind that there is only one of.</summary>
    public static SubjectSource One(SubjectKind kind, string leastRole, string href) => new(kind, leastRole, (_, _) => kind.Word, _ => href);
}
