namespace WgHub.Features.Notifications;

/// <summary>Which events a channel names: whole names, or all of a noun, as <c>spoke.*</c>.</summary>
internal sealed class EventChoice
{
    private const string Any = "*";

    public static readonly EventChoice Nothing = new([]);

    private EventChoice(IReadOnlyList<string> names) => Names = names;

    public IReadOnlyList<string> Names { get; }

    /// <param name="unknown">The first that is no event; empty when all are.</param>
    public static EventChoice? TryRead(IEnumerable<string> names, out string unknown)
    {
        var read = names.Select(name => name.Trim()).Where(name => name.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList();
        unknown = read.Find(name => !EventCatalogue.All.Any(known => IsNamed(name, known.Name))) ?? "";
        return unknown.Length == 0 ? new(read) : null;
    }

    /// <summary>As it is stored; what only an older version knew is kept and never happens.</summary>
    public static EventChoice FromStored(string text) => new(text.Split(',', StringSplitOptions.RemoveEmptyEntries));

    public string Stored => string.Join(',', Names);

    public bool Has(NotifiedEvent known) => Names.Any(name => IsNamed(name, known.Name));

    private static bool IsNamed(string name, string known) =>
        name == known || (name.EndsWith($".{Any}", StringComparison.Ordinal) && known.StartsWith(name[..^Any.Length], StringComparison.Ordinal));
}
