using System.Text.Json;
using System.Text.Json.Nodes;
using WgHub.Cli.Remote;

namespace WgHub.Cli.Apply;

/// <summary>What a hub has, in the spelling of a file: by name, lists in one order, spokes by their names.</summary>
internal sealed class HubNow
{
    private readonly Dictionary<string, string> _nameOfSpoke;

    private HubNow(
        IReadOnlyList<JsonElement> spokes, IReadOnlyList<JsonElement> tokens, IReadOnlyList<JsonElement> groups, IReadOnlyList<JsonElement> networks,
        JsonElement policy)
    {
        _nameOfSpoke = spokes.ToDictionary(spoke => JsonText.Of(spoke, "id"), spoke => JsonText.Of(spoke, "name"));
        Spokes = ByName(spokes.Select(spoke => Labelled(spoke)));
        Tokens = ByName(tokens.Where(token => JsonText.Of(token, "state") == "pending" && JsonText.Of(token, "kind") == "install").Select(TokenOf));
        Groups = ByName(groups.Select(Plain));
        Networks = ByName(networks.Select(NetworkOf));
        Rules = [.. policy.GetProperty("rules").EnumerateArray().Select(Plain)];
        Tests = [.. policy.GetProperty("tests").EnumerateArray().Select(Plain)];
        Revision = policy.GetProperty("revision").GetRawText();
    }

    public IReadOnlyDictionary<string, JsonObject> Spokes { get; }

    /// <summary>Those that wait for their machine, by its name.</summary>
    public IReadOnlyDictionary<string, JsonObject> Tokens { get; }

    public IReadOnlyDictionary<string, JsonObject> Groups { get; }

    public IReadOnlyDictionary<string, JsonObject> Networks { get; }

    public IReadOnlyList<JsonObject> Rules { get; }

    public IReadOnlyList<JsonObject> Tests { get; }

    /// <summary>Of rules and tests.</summary>
    public string Revision { get; }

    public static async Task<HubNow> ReadAsync(HubConnection hub, CancellationToken cancellationToken)
    {
        var things = new Things(hub);
        return new(
            await AllAsync(Nouns.Spoke), await AllAsync(Nouns.Token), await AllAsync(Nouns.GroupNoun), await AllAsync(Nouns.Network),
            await hub.GetAsync(RuleCommand.Policy, cancellationToken));

        Task<IReadOnlyList<JsonElement>> AllAsync(Noun noun) => things.ListAsync(noun.List!, noun.List!.Path, "", int.MaxValue, cancellationToken);
    }

    private static Dictionary<string, JsonObject> ByName(IEnumerable<JsonObject> things)
    {
        var byName = new Dictionary<string, JsonObject>(StringComparer.OrdinalIgnoreCase);
        foreach (var thing in things)
        {
            byName[thing["name"]!.ToString()] = thing;
        }

        return byName;
    }

    private static JsonObject Plain(JsonElement of) => JsonObject.Create(of)!;

    private static JsonObject Labelled(JsonElement of)
    {
        var thing = Plain(of);
        thing["tags"] = NetworkFile.InOrder(thing["tags"]!.AsArray().Select(tag => tag!.ToString()));
        thing["customIP"] = thing["allowedIPs"]![0]!.ToString().Split('/')[0];
        return thing;
    }

    private static JsonObject TokenOf(JsonElement of)
    {
        var token = Labelled(of);
        token["name"] = token["spokeName"]!.DeepClone();
        token["expiresAt"] = token["spokeExpiresAt"]?.DeepClone();
        return token;
    }

    private JsonObject NetworkOf(JsonElement of)
    {
        var network = Plain(of);
        network["via"] = NameOf(network["via"]?.ToString());
        network["standby"] = NameOf(network["standby"]?.ToString());
        return network;
    }

    private string? NameOf(string? spoke) => spoke is null ? null : _nameOfSpoke.GetValueOrDefault(spoke, spoke);
}
