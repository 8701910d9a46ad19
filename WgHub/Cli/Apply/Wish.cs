using System.Text.Json.Nodes;

namespace WgHub.Cli.Apply;

/// <summary>One thing that a file wants.</summary>
/// <param name="Name">What it is called; of a rule or a test, what it says.</param>
/// <param name="Fields">Those that the file has, as the API spells and takes them, but spokes by their names.</param>
/// <param name="IsAbsent">It is to be gone.</param>
internal sealed record Wish(string Name, int Line, JsonObject Fields, bool IsAbsent)
{
    public string? Text(string member) => (Fields[member] as JsonValue)?.ToString();

    /// <summary>Of the fields those with these names, for a call that takes no others.</summary>
    public JsonObject Only(params ReadOnlySpan<string> members)
    {
        var some = new JsonObject();
        foreach (var member in members)
        {
            if (Fields.TryGetPropertyValue(member, out var value))
            {
                some[member] = value?.DeepClone();
            }
        }

        return some;
    }
}
