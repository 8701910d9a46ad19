using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using WgHub.Cli.Remote;

namespace WgHub.Cli.Apply;

/// <summary>One difference between a file and a hub.</summary>
/// <param name="Kind">group, spoke, token, network, rule, test.</param>
/// <param name="Action">add, change, replace or remove.</param>
/// <param name="Before">Members that differ, as they are; null for what is not there.</param>
/// <param name="After">The same, as they are to be; null for what goes.</param>
internal sealed record PlannedChange(string Kind, string Name, string Action, JsonObject? Before, JsonObject? After)
{
    public JsonObject ToJson() => new()
    {
        ["kind"] = Kind,
        ["name"] = Name,
        ["action"] = Action,
        ["before"] = Before?.DeepClone(),
        ["after"] = After?.DeepClone(),
    };
}

/// <summary>What is done in one go, and the changes that it makes.</summary>
/// <param name="Do">Calls the hub; what comes back is shown this once, such as a token's secret, or null.</param>
internal sealed record Step(IReadOnlyList<PlannedChange> Changes, Func<HubConnection, CancellationToken, Task<JsonNode?>> Do)
{
    /// <summary>Asks the hub whether it would do it, before anything is done; null where it cannot be asked.</summary>
    public Func<HubConnection, CancellationToken, Task>? Try { get; init; }

    public static Step Of(PlannedChange change, Func<HubConnection, CancellationToken, Task<JsonNode?>> run) => new([change], run);
}

/// <summary>All that is to be done, in its order.</summary>
internal sealed record Plan(IReadOnlyList<Step> Steps)
{
    public IEnumerable<PlannedChange> Changes => Steps.SelectMany(step => step.Changes);

    /// <summary>The same for the same changes, to name a plan that somebody has seen.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        new JsonArray([.. Json(Steps)]).ToJsonString())));

    private static IEnumerable<JsonNode> Json(IReadOnlyList<Step> all) => all.SelectMany(step => step.Changes).Select(change => change.ToJson());
}
