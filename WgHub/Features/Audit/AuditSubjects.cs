using WgHub.Storage;

namespace WgHub.Features.Audit;

/// <summary>Says of an entry whom it is about, in today's words.</summary>
internal sealed class AuditSubjects(Database database, IEnumerable<SubjectSource> sources)
{
    private readonly Dictionary<SubjectKind, SubjectSource> _sources = sources.ToDictionary(source => source.Kind);

    /// <summary>Of each entry, in their order.</summary>
    /// <param name="mayOpen">Whether a page of this role can be opened by whoever reads.</param>
    public IReadOnlyList<SubjectView> Of(IReadOnlyList<AuditEntry> entries, Func<string, bool> mayOpen) =>
        database.Read(tx => entries.Select(entry => Of(tx, entry, mayOpen)).ToList());

    /// <summary>What the newest entry of an id calls it, to name what a list was narrowed to.</summary>
    /// <returns>Null when there is none.</returns>
    public SubjectView? Of(AuditEntry? newest, Func<string, bool> mayOpen) => newest is null ? null : database.Read(tx => Of(tx, newest, mayOpen));

    private SubjectView Of(Tx tx, AuditEntry entry, Func<string, bool> mayOpen)
    {
        var kind = AuditEvents.Find(entry.Event)?.Of ?? SubjectKind.Unknown;
        var id = entry.Subject ?? "";
        var source = _sources.GetValueOrDefault(kind);
        var today = kind.IsOne || id.Length > 0 ? source?.NameOf(tx, id) : null;
        var href = today is not null && mayOpen(source!.LeastRole) ? source.Href(id) : null;
        if (kind.IsOne)
        {
            return new(kind, kind.Word, null, href, false);
        }

        var then = AuditNames.NamesIn(entry);
        var name = today ?? (id.Length == 0 ? null : AuditNames.LastOf(tx, id) ?? (then is [.., var last] ? last : null));
        return new(kind, name, then is [var only] && only != name ? only : null, href, id.Length > 0 && today is null);
    }
}

/// <summary>Whom an entry is about, as a page shows it.</summary>
/// <param name="Name">Today's, or the last one; null when nobody knows it.</param>
/// <param name="Then">As it was called when the entry was written, where that is another name.</param>
/// <param name="Href">Of its page, while it is there.</param>
/// <param name="IsGone">True when there is no such thing any more.</param>
internal sealed record SubjectView(SubjectKind Kind, string? Name, string? Then, string? Href, bool IsGone)
{
    public override string ToString() => Kind.IsOne || string.IsNullOrEmpty(Name) ? Kind.Word : $"{Kind.Word} {Name}";
}
