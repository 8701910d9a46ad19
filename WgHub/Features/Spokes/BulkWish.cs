using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using WgHub.Features.Labels;
using WgHub.Features.Routes;
using WgHub.Web;

namespace WgHub.Features.Spokes;

/// <summary>Which spokes: these, or all that match.</summary>
/// <param name="Ids">Null for all that match <paramref name="Query"/>.</param>
/// <param name="Fingerprint">Of those that were shown to whoever decided (<see cref="Of"/>); null when any that match are meant.</param>
internal sealed record SpokeSelection(IReadOnlyList<string>? Ids, SpokeQuery Query, string? Fingerprint = null)
{
    /// <summary>SHA-256, hex, over the ids: says whether a list is still the one that was shown.</summary>
    public static string Of(IEnumerable<Spoke> spokes) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(',', spokes.Select(spoke => spoke.Id).Order(StringComparer.Ordinal)))));
}

/// <summary>One change for many spokes, checked.</summary>
/// <param name="Edit">Null: they are removed.</param>
internal sealed record BulkWish(SpokeSelection Selection, SpokeEdit? Edit)
{
    public const string Enable = "enable";
    public const string Disable = "disable";
    public const string Remove = "remove";

    /// <summary>As the API has them, in the order of the page.</summary>
    public static readonly IReadOnlyList<string> Actions = [Enable, Disable, "setGroup", "setOwner", "addTag", "removeTag", "setRoutes", "setExpiry", Remove];

    /// <summary>The end that they are to get; null for none, and for every other wish.</summary>
    public DateTimeOffset? End { get; private init; }

    /// <summary>True for what ends tunnels.</summary>
    public static bool Cuts(string? action) => action is Disable or Remove;

    /// <param name="value">The group, owner, tags by comma or space, routes or time; an empty one takes group, owner, own routes or end away.</param>
    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public static BulkWish From(SpokeSelection selection, string? action, string? value) =>
        new(selection, EditOf(action, value)) { End = action == "setExpiry" ? EndOf(value).At : null };

    private static SpokeEdit? EditOf(string? action, string? value) => action switch
    {
        Enable => new(new(Enabled: true)),
        Disable => new(new(Enabled: false)),
        "setGroup" => new(new() { Labels = new() { Group = value ?? "" } }),
        "setOwner" => new(new() { Labels = new() { Owner = value ?? "" } }),
        "addTag" => new(new() { Labels = new() { AddTags = Tags.Join(Needed(value)) } }),
        "removeTag" => new(new() { Labels = new() { RemoveTags = Tags.Join(Needed(value)) } }),
        "setRoutes" => new(new() { Routes = RoutesWish.Of(value) }),
        "setExpiry" => new(new(Expiry: EndOf(value))),
        Remove => null,
        _ => throw WebErrors.Invalid("action", $"One of {string.Join(", ", Actions)}."),
    };

    private static string Needed(string? value) => string.IsNullOrWhiteSpace(value) ? throw WebErrors.Invalid("value", "This is needed.") : value;

    private static Expiry EndOf(string? value) =>
        string.IsNullOrWhiteSpace(value) ? new(null)
        : UtcText.TryParse(value, out var time) ? new(time)
        : throw WebErrors.Invalid("value", "A time such as 2027-01-31T12:00:00Z, or nothing for never.");
}

[JsonConverter(typeof(JsonStringEnumConverter<BulkResult>))]
internal enum BulkResult
{
    [JsonStringEnumMemberName("changed")]
    Changed,

    /// <summary>It was so already.</summary>
    [JsonStringEnumMemberName("unchanged")]
    Unchanged,

    [JsonStringEnumMemberName("removed")]
    Removed,

    /// <summary>It is not there, or not any more.</summary>
    [JsonStringEnumMemberName("notFound")]
    NotFound,
}

/// <param name="Name">Null for one that is not there.</param>
internal sealed record BulkItem(string Id, string? Name, BulkResult Result);

/// <summary>What is asked of <c>POST /api/spoke/bulk</c>.</summary>
internal sealed record BulkDto(IReadOnlyList<string>? Ids = null, BulkFilterDto? Filter = null, string? Action = null, string? Value = null)
{
    private const int MostIds = 10_000;

    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public BulkWish ToWish()
    {
        if (Ids is null == Filter is null)
        {
            throw WebErrors.Invalid("ids", "Either ids or a filter; an empty filter means all.");
        }

        if (Ids is { Count: > MostIds } || Ids?.Any(id => id is null) == true)
        {
            throw WebErrors.Invalid("ids", $"At most {MostIds} ids.");
        }

        return BulkWish.From(new(Ids, (Filter ?? new()).ToQuery()), Action, Value);
    }
}

/// <summary>As the query of <c>GET /api/spoke/list</c>.</summary>
internal sealed record BulkFilterDto(
    string? Status = null, string? Os = null, string? Cluster = null, string? Q = null, string? Group = null, string? Tag = null,
    string? Owner = null, int? ExpiresWithinDays = null)
{
    public bool? RoutesBehind { get; init; }

    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public SpokeQuery ToQuery() =>
        SpokeQuery.From(Status, Os, Cluster, Q, new(Group, Tag, Owner), ExpiresWithinDays) with { RoutesBehind = RoutesBehind };
}

internal sealed record BulkDoneDto(string Message, IReadOnlyList<BulkItem> Items);
