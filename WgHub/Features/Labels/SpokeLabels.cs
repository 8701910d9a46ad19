using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Labels;

/// <summary>What people sort spokes by: of one that there is, or of one to be.</summary>
/// <param name="Group">Null for none.</param>
/// <param name="Owner">Who answers for the machine; may be empty.</param>
internal sealed record SpokeLabels(string? Group, string Owner, Tags Tags)
{
    public static readonly SpokeLabels None = new(null, "", Tags.None);

    /// <summary>In every table that has labels; <see cref="Values"/> has the same order.</summary>
    public static readonly SqlPart Columns = new("group_name, owner, tags");

    public SqlPart Values => SqlPart.Of($"{Group}, {Owner}, {Tags.Stored}");

    /// <summary>For an update.</summary>
    public SqlPart Assignments => SqlPart.Of($"group_name = {Group}, owner = {Owner}, tags = {Tags.Stored}");

    /// <summary>Reads what a form or a program sent; missing is the same as empty.</summary>
    /// <param name="checks">Hears of what is wrong.</param>
    public static SpokeLabels Parse(FieldChecks checks, string? group, string? owner, IReadOnlyList<string>? tags)
    {
        var joined = string.Join(',', tags ?? []);
        return new(
            checks.Optional<string>("group", group, Label.TryParseGroup, Label.GroupRule),
            checks.Optional<string>("owner", owner, Label.TryParseOwner, Label.OwnerRule) ?? "",
            joined.Length == 0 ? Tags.None : checks.Required<Tags?>("tags", joined, Tags.TryParse, Tags.Rule)!);
    }

    public static SpokeLabels Map(Row row) => new(row.TextOrNull("group_name"), row.Text("owner"), Tags.FromStored(row.Text("tags")));

    /// <summary>What the audit log tells of a change.</summary>
    public IEnumerable<(string Name, string? Value)> DifferencesTo(SpokeLabels after)
    {
        if (Group != after.Group)
        {
            yield return ("group", Told(Group, after.Group));
        }

        if (Owner != after.Owner)
        {
            yield return ("owner", Told(Owner, after.Owner));
        }

        if (Tags != after.Tags)
        {
            yield return ("tags", Told(Tags.ToString(), after.Tags.ToString()));
        }
    }

    private static string Told(string? before, string? after) => $"{OrNone(before)} → {OrNone(after)}";

    private static string OrNone(string? text) => string.IsNullOrEmpty(text) ? "none" : text;
}
