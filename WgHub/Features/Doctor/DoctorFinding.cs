using System.Text.Json;
using System.Text.Json.Serialization;
using WgHub.Web;

namespace WgHub.Features.Doctor;

/// <summary>What one look has found.</summary>
/// <param name="Check">What was looked at, such as <c>port</c>.</param>
/// <param name="Code">For programs, such as <c>PORT_TAKEN</c>, or <c>OK</c>; stays the same when the sentences get better. docs/doctor.md lists them.</param>
/// <param name="What">What is so, in a sentence.</param>
/// <param name="Way">What mends it, a command where there is one; null when all is well.</param>
internal sealed record DoctorFinding(string Check, string Code, DoctorLevel Level, string What, string? Way);

[JsonConverter(typeof(JsonStringEnumConverter<DoctorLevel>))]
internal enum DoctorLevel
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>Tunnels work, or may; somebody should look.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>Keeps tunnels, or the hub, from working.</summary>
    [JsonStringEnumMemberName("failure")]
    Failure,
}

/// <param name="Level">The worst of all findings.</param>
/// <param name="Findings">In the order in which things stand on each other: the cause comes before what comes of it.</param>
internal sealed record DoctorReport(DoctorLevel Level, DateTimeOffset At, IReadOnlyList<DoctorFinding> Findings);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class DoctorJson : JsonSerializerContext
{
    /// <summary>As answers are written, for what is none.</summary>
    public static readonly DoctorJson Written = new(ApiJson.OptionsFor(JsonSerializerDefaults.Web));
}
