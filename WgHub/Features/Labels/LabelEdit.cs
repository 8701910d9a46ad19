using WgHub.Web;

namespace WgHub.Features.Labels;

/// <summary>A wish to change labels, as it was sent; null leaves one as it is, and an empty text takes it away.</summary>
internal sealed record LabelWish
{
    public static readonly LabelWish Nothing = new();

    public string? Group { get; init; }

    public string? Owner { get; init; }

    /// <summary>By comma; these and no others.</summary>
    public string? Tags { get; init; }

    /// <summary>By comma; besides those that are there.</summary>
    public string? AddTags { get; init; }

    /// <summary>By comma.</summary>
    public string? RemoveTags { get; init; }
}

/// <summary>The same wish, checked: it can be applied to any number of spokes.</summary>
internal sealed class LabelEdit
{
    private readonly LabelWish _wish;
    private readonly string? _group;
    private readonly string? _owner;
    private readonly Tags? _tags;
    private readonly Tags? _added;
    private readonly Tags? _removed;

    /// <param name="checks">Hears of what is wrong.</param>
    public LabelEdit(FieldChecks checks, LabelWish wish)
    {
        _wish = wish;
        _group = checks.Optional<string>("group", wish.Group, Label.TryParseGroup, Label.GroupRule);
        _owner = checks.Optional<string>("owner", wish.Owner, Label.TryParseOwner, Label.OwnerRule);
        _tags = TagsOf(checks, "tags", wish.Tags);
        _added = TagsOf(checks, "addTags", wish.AddTags);
        _removed = TagsOf(checks, "removeTags", wish.RemoveTags);
    }

    /// <param name="name">Whose labels they are.</param>
    /// <exception cref="AppException">VALIDATION_FAILED when there would be too many tags.</exception>
    public SpokeLabels ApplyTo(SpokeLabels labels, string name) => new(
        _wish.Group is null ? labels.Group : _group,
        _wish.Owner is null ? labels.Owner : _owner ?? "",
        TagsFor(labels, name));

    private Tags TagsFor(SpokeLabels labels, string name)
    {
        var tags = (_tags ?? labels.Tags).Without(_removed ?? Tags.None);
        return tags.TryAdd(_added ?? Tags.None, out var all) ? all : throw WebErrors.Invalid("tags", $"'{name}' would have too many. {Tags.Rule}");
    }

    private static Tags? TagsOf(FieldChecks checks, string field, string? text) =>
        string.IsNullOrWhiteSpace(text) ? text is null ? null : Tags.None : checks.Required<Tags?>(field, text, Tags.TryParse, Tags.Rule);
}
