using System.Text.Json.Serialization;

namespace WgHub.WireGuard;

/// <summary>What a rule has let through, or what was refused.</summary>
internal readonly record struct NftCount(long Packets, long Bytes);

/// <summary>What <c>nft -j list</c> prints, as far as we read it.</summary>
internal sealed record NftListing([property: JsonPropertyName("nftables")] IReadOnlyList<NftObject> Objects);

/// <inheritdoc cref="NftListing"/>
internal sealed record NftObject(
    [property: JsonPropertyName("counter")] NftCounter? Counter,
    [property: JsonPropertyName("chain")] NftChain? Chain,
    [property: JsonPropertyName("rule")] NftRuleLine? Rule);

/// <inheritdoc cref="NftListing"/>
internal sealed record NftCounter(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("packets")] long Packets,
    [property: JsonPropertyName("bytes")] long Bytes);

/// <inheritdoc cref="NftListing"/>
/// <param name="Policy">Null for one that is no base chain.</param>
internal sealed record NftChain(
    [property: JsonPropertyName("family")] string Family,
    [property: JsonPropertyName("table")] string Table,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("hook")] string? Hook,
    [property: JsonPropertyName("policy")] string? Policy);

/// <inheritdoc cref="NftListing"/>
/// <param name="Expressions">Its parts, in nft's own form.</param>
internal sealed record NftRuleLine(
    [property: JsonPropertyName("chain")] string Chain,
    [property: JsonPropertyName("expr")] IReadOnlyList<System.Text.Json.JsonElement> Expressions);

[JsonSerializable(typeof(NftListing))]
internal sealed partial class NftJson : JsonSerializerContext;
