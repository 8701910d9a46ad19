using WgHub.Features.Labels;
using WgHub.Features.Leases;
using WgHub.Web;

namespace WgHub.Features.Spokes;

/// <summary>A wish to change a spoke, as it was sent; null leaves a thing as it is, and an empty text takes it away.</summary>
internal sealed record ChangeSpoke(string? Name = null, bool? Enabled = null, string? Notes = null, Expiry? Expiry = null)
{
    public string? Group { get; init; }

    public string? Owner { get; init; }

    /// <summary>By comma; these and no others.</summary>
    public string? Tags { get; init; }

    /// <summary>By comma; besides those that are there.</summary>
    public string? AddTags { get; init; }

    /// <summary>By comma.</summary>
    public string? RemoveTags { get; init; }
}

/// <param name="At">Null for never.</param>
internal sealed record Expiry(DateTimeOffset? At);

/// <summary>The same wish, checked: it can be applied to any number of spokes.</summary>
internal sealed class SpokeEdit
{
    private const int NotesLength = 2000;

    private readonly ChangeSpoke _wish;
    private readonly string? _group;
    private readonly string? _owner;
    private readonly Tags? _tags;
    private readonly Tags? _added;
    private readonly Tags? _removed;

    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public SpokeEdit(ChangeSpoke wish)
    {
        _wish = wish;
        var checks = new FieldChecks();
        Name = wish.Name is null ? null : checks.Required<SpokeName?>("name", wish.Name, SpokeName.TryParse, SpokeName.Rule);
        _group = checks.Optional<string>("group", wish.Group, Label.TryParseGroup, Label.GroupRule);
        _owner = checks.Optional<string>("owner", wish.Owner, Label.TryParseOwner, Label.OwnerRule);
        _tags = TagsOf(checks, "tags", wish.Tags);
        _added = TagsOf(checks, "addTags", wish.AddTags);
        _removed = TagsOf(checks, "removeTags", wish.RemoveTags);
        if (wish.Notes is { } notes && (notes.Length > NotesLength || notes.Any(c => char.IsControl(c) && c is not '\n' and not '\r' and not '\t')))
        {
            checks.Fail("notes", $"At most {NotesLength} characters, no control characters.");
        }

        checks.ThrowIfAny();
    }

    public SpokeName? Name { get; }

    /// <exception cref="AppException">VALIDATION_FAILED when it would have too many tags.</exception>
    public Spoke ApplyTo(Spoke spoke) => spoke with
    {
        Name = Name?.Text ?? spoke.Name,
        Enabled = _wish.Enabled ?? spoke.Enabled,
        ExpiresAt = _wish.Expiry is { } expiry ? expiry.At : spoke.ExpiresAt,
        Group = _wish.Group is null ? spoke.Group : _group,
        Owner = _wish.Owner is null ? spoke.Owner : _owner ?? "",
        Notes = _wish.Notes ?? spoke.Notes,
        Tags = TagsFor(spoke),
    };

    /// <summary>What the audit log tells of a change.</summary>
    public static IEnumerable<(string Name, string? Value)> Differences(Spoke before, Spoke after)
    {
        if (before.Name != after.Name)
        {
            yield return ("name", $"{before.Name} → {after.Name}");
        }

        if (before.Enabled != after.Enabled)
        {
            yield return ("enabled", after.Enabled ? "true" : "false");
        }

        if (before.ExpiresAt != after.ExpiresAt)
        {
            yield return ("expiresAt", after.ExpiresAt is { } time ? UtcText.Of(time) : "never");
        }

        if (before.Group != after.Group)
        {
            yield return ("group", after.Group ?? "");
        }

        if (before.Owner != after.Owner)
        {
            yield return ("owner", after.Owner);
        }

        if (before.Tags != after.Tags)
        {
            yield return ("tags", after.Tags.ToString());
        }

        if (before.Notes != after.Notes)
        {
            yield return ("notes", "changed");
        }
    }

    private Tags TagsFor(Spoke spoke)
    {
        var tags = (_tags ?? spoke.Tags).Without(_removed ?? Tags.None);
        return tags.TryAdd(_added ?? Tags.None, out var all) ? all : throw WebErrors.Invalid("tags", $"'{spoke.Name}' would have too many. {Tags.Rule}");
    }

    private static Tags? TagsOf(FieldChecks checks, string field, string? text) =>
        string.IsNullOrWhiteSpace(text) ? text is null ? null : Tags.None : checks.Required<Tags?>(field, text, Tags.TryParse, Tags.Rule);
}
