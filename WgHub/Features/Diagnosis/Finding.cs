using System.Text.Json.Serialization;

namespace WgHub.Features.Diagnosis;

/// <summary>What one look at a spoke's connection has found.</summary>
/// <param name="Code">For programs, such as <c>NOTHING_ARRIVES</c>; stays the same when the sentences get better.</param>
/// <param name="What">What is so, in a sentence.</param>
/// <param name="Advice">What to do about it; null when there is nothing to do.</param>
internal sealed record Finding(string Code, FindingLevel Level, string What, string? Advice = null)
{
    /// <summary>Somebody has decided it so: worth telling when something is wrong, or to whoever asks.</summary>
    [JsonIgnore]
    public bool IsDecided { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<FindingLevel>))]
internal enum FindingLevel
{
    /// <summary>Looked at, and as it should be.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>May be right, and is worth knowing when something is wrong.</summary>
    [JsonStringEnumMemberName("hint")]
    Hint,

    /// <summary>Keeps the spoke from its hub.</summary>
    [JsonStringEnumMemberName("problem")]
    Problem,
}
