using System.Text.Json.Serialization;

namespace WgHub.Features.Retention;

/// <summary>What a rule takes away, or would.</summary>
/// <param name="Rule"><c>tokens</c>, <c>clusterTokens</c>, <c>apiTokens</c>, <c>spokes</c> or <c>audit</c>.</param>
/// <param name="Days">How long it is kept; 0 for ever.</param>
/// <param name="Action"><c>remove</c> or <c>disable</c>.</param>
/// <param name="Count">How many.</param>
/// <param name="Names">The first of them, where they have names.</param>
internal sealed record RetentionItem(string Rule, int Days, string Action, long Count, IReadOnlyList<string> Names)
{
    /// <summary>True: so many at once that the hub does not do it by itself.</summary>
    public bool Held { get; init; }
}

/// <param name="Items">One for each rule.</param>
/// <param name="LastRun">When a run ended last; null for never since the start.</param>
internal sealed record RetentionDto(IReadOnlyList<RetentionItem> Items, DateTimeOffset? LastRun);

/// <param name="DryRun">True: nothing was changed.</param>
internal sealed record RetentionRunDto(bool DryRun, IReadOnlyList<RetentionItem> Items);

[System.Text.Json.Serialization.JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RetentionDto))]
[JsonSerializable(typeof(RetentionRunDto))]
internal sealed partial class RetentionJson : JsonSerializerContext;
