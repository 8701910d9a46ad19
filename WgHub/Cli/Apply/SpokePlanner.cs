using System.Text.Json;
using System.Text.Json.Nodes;
using WgHub.Api;
using WgHub.Cli.Remote;

namespace WgHub.Cli.Apply;

/// <summary>
/// Spokes of a file: one with a key is let in at once; one without waits, by a token that is shown this once, until its machine has made its key.
/// </summary>
internal static class SpokePlanner
{
    /// <summary>What a spoke can be changed in.</summary>
    private static readonly string[] OfSpoke = ["group", "owner", "tags", "notes", "routes", "customIP", "addressV6", "expiresAt", "enabled"];

    /// <summary>What a token holds of its spoke to be.</summary>
    private static readonly string[] OfToken = ["group", "owner", "tags", "routes", "customIP", "addressV6", "expiresAt", "platform"];

    public static IEnumerable<Step> Steps(NetworkFile file, HubNow now)
    {
        foreach (var wish in file.Spokes ?? [])
        {
            var (spoke, token) = (now.Spokes.GetValueOrDefault(wish.Name), now.Tokens.GetValueOrDefault(wish.Name));
            var step = wish.IsAbsent ? Absent(wish.Name, spoke, token)
                : spoke is not null ? Change(file, wish, spoke)
                : token is null || wish.Text("publicKey") is not null ? Add(wish, token)
                : Replace(wish, token);
            if (step is not null)
            {
                yield return step;
            }
        }
    }

    public static IEnumerable<Step> Pruned(NetworkFile file, HubNow now) =>
        [
            .. Planner.Unnamed(now.Spokes, file.Spokes).Select(left => Absent(left.Name, left.Thing, null)!),
            .. Planner.Unnamed(now.Tokens, file.Spokes).Where(left => !now.Spokes.ContainsKey(left.Name)).Select(left => Absent(left.Name, null, left.Thing)!),
        ];

    private static Step? Absent(string name, JsonObject? spoke, JsonObject? token) =>
        spoke is not null ? Remove("spoke", name, spoke, $"/api/spoke/{spoke["id"]}")
        : token is not null ? Remove("token", name, token, $"/api/installation/token/{token["id"]}")
        : null;

    private static Step Remove(string kind, string name, JsonObject present, string path) => Step.Of(
        new(kind, name, "remove", new() { ["customIP"] = present["customIP"]!.DeepClone() }, null), (hub, cancel) => Planner.DeleteAsync(hub, path, cancel));

    /// <exception cref="ApiException">The file has another key for it: a key is exchanged by its machine, or by taking the spoke over.</exception>
    private static Step? Change(NetworkFile file, Wish wish, JsonObject spoke)
    {
        if (wish.Text("publicKey") is { } key && key != spoke["publicKey"]!.ToString())
        {
            var why = file.Wrong(wish.Line, $"the spoke '{wish.Name}' has another key. 'wghub spoke reenrol {wish.Name}' lets a new one in").Message;
            throw new ApiException(409, "KEY_DIFFERS", why);
        }

        return Difference.Of(spoke, wish.Only(OfSpoke)) is not var (before, after) ? null : Step.Of(
            new("spoke", wish.Name, "change", before, after),
            async (hub, cancel) =>
            {
                await hub.SendAsync(HttpMethod.Patch, $"/api/spoke/{spoke["id"]}", after.DeepClone(), null, cancel);
                return null;
            });
    }

    private static Step Add(Wish wish, JsonObject? token) => wish.Text("publicKey") is null
        ? Step.Of(new("token", wish.Name, "add", null, wish.Only(OfToken)), (hub, cancel) => MakeTokenAsync(hub, wish, cancel))
        : Step.Of(new("spoke", wish.Name, "add", null, wish.Fields), async (hub, cancel) =>
        {
            if (token is not null)
            {
                await Planner.DeleteAsync(hub, $"/api/installation/token/{token["id"]}", cancel);
            }

            return await RegisterAsync(hub, wish, cancel);
        });

    /// <summary>A token cannot be changed: another one takes its place.</summary>
    private static Step? Replace(Wish wish, JsonObject token) => Difference.Of(token, wish.Only(OfToken)) is not var (before, after) ? null : Step.Of(
        new("token", wish.Name, "replace", before, after),
        async (hub, cancel) =>
        {
            await Planner.DeleteAsync(hub, $"/api/installation/token/{token["id"]}", cancel);
            return await MakeTokenAsync(hub, wish, cancel);
        });

    private static async Task<JsonNode?> MakeTokenAsync(HubConnection hub, Wish wish, CancellationToken cancellationToken)
    {
        var made = await TokenAsync(hub, wish, cancellationToken);
        return new JsonObject { ["token"] = JsonValue.Create(JsonText.Of(made, "token")), ["commands"] = JsonObject.Create(made.GetProperty("commands")) };
    }

    private static async Task<JsonElement> TokenAsync(HubConnection hub, Wish wish, CancellationToken cancellationToken)
    {
        var body = wish.Only("group", "owner", "tags", "routes", "customIP", "addressV6", "platform", "expiresInHours");
        body["spokeName"] = wish.Name;
        if (wish.Text("expiresAt") is { } ends)
        {
            body["spokeExpiresAt"] = ends;
        }

        return (await hub.SendAsync(HttpMethod.Post, "/api/installation/token", body, null, cancellationToken)).GetProperty("token");
    }

    /// <summary>In one go: when its key is refused, its token does not stay behind.</summary>
    private static async Task<JsonNode?> RegisterAsync(HubConnection hub, Wish wish, CancellationToken cancellationToken)
    {
        var token = await TokenAsync(hub, wish, cancellationToken);
        JsonElement registered;
        try
        {
            var body = new JsonObject { ["token"] = JsonText.Of(token, "token"), ["publicKey"] = wish.Text("publicKey"), ["os"] = wish.Text("os") ?? "linux" };
            registered = await hub.SendAsync(HttpMethod.Post, "/api/spoke/register", body, null, cancellationToken);
        }
        catch
        {
            await Planner.DeleteAsync(hub, $"/api/installation/token/{JsonText.Of(token, "id")}", CancellationToken.None);
            throw;
        }

        if (wish.Only("notes", "enabled") is { Count: > 0 } rest)
        {
            await hub.SendAsync(HttpMethod.Patch, $"/api/spoke/{JsonText.Of(registered, "spoke.id")}", rest, null, cancellationToken);
        }

        return JsonObject.Create(registered);
    }
}
