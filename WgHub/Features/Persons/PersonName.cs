using WgHub.Features.Audit;
using WgHub.Web;

namespace WgHub.Features.Persons;

/// <summary>Somebody as the hub knows people: the name of an account, the owner of spokes, whom the audit log names. Case does not matter.</summary>
internal sealed record PersonName(string Text)
{
    private const int Longest = 200;
    private const string Became = " → ";
    private const string And = ", ";

    /// <summary>Of "user:" and "oidc:", before the names of actors.</summary>
    public const int KindLength = 5;

    private static readonly string[] Kinds = ["user:", "oidc:"];

    /// <summary>Facts that may name people, whatever an entry is about; the names of accounts are told as what they are about.</summary>
    private static readonly string[] Facts = ["owner", "target", "user", "account"];

    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public static PersonName Parse(string text) => text.Trim() is { Length: > 0 and <= Longest } name && !name.Any(char.IsControl) && !name.Contains(':')
        ? new(name)
        : throw WebErrors.Invalid("who", $"A name as an account, an owner or the audit log has it, of {Longest} characters at most, without a colon.");

    public bool Is(string name) => name.Equals(Text, StringComparison.OrdinalIgnoreCase);

    /// <summary>As an actor, of the hub's own accounts or a provider's.</summary>
    public bool IsActor(string actor) => Kinds.Any(kind => actor.StartsWith(kind, StringComparison.Ordinal) && Is(actor[kind.Length..]));

    /// <summary>The entry without the person; the same object when it does not name them.</summary>
    /// <param name="accounts">Ids of their accounts.</param>
    public AuditEntry Without(AuditEntry entry, IReadOnlyCollection<string> accounts, string pseudonym)
    {
        var (isActor, isSubject) = (IsActor(entry.Actor), entry.Subject is { } subject && accounts.Contains(subject));
        var isOfAccount = AuditEvents.Find(entry.Event)?.Of == SubjectKind.User;
        var detail = AuditRedaction.WithTexts(
            entry.Detail, (fact, text) => Replaced(text, pseudonym, isPerson: Facts.Contains(fact) || (isOfAccount && fact is "name" or "nameBefore")));
        if (!isActor && !isSubject && detail == AuditRedaction.WithTexts(entry.Detail, (_, text) => text))
        {
            return entry; // as it was written, letter by letter
        }

        return entry with
        {
            Actor = isActor ? entry.Actor[..KindLength] + pseudonym : entry.Actor,
            Address = isActor || isSubject ? null : entry.Address,
            Detail = detail,
        };
    }

    /// <param name="isPerson">True: the text may be a name as it stands; as an actor it is one anywhere.</param>
    private string Replaced(string text, string pseudonym, bool isPerson) => string.Join(Became, text.Split(Became).Select(
        part => string.Join(And, part.Split(And).Select(
            word => IsActor(word) ? word[..KindLength] + pseudonym : isPerson && Is(word) ? pseudonym : word))));
}
