using System.Text.Json.Nodes;
using WgHub.Cli.Remote;

namespace WgHub.Cli.Apply;

/// <summary>
/// What has to be done so that a hub is as a file says. The order lets each step stand on the ones before: groups, spokes, networks, rules; what
/// goes, goes in the other order, and rules before what they name.
/// </summary>
/// <param name="prune">True: what a list of the file does not name goes.</param>
internal sealed class Planner(NetworkFile file, HubNow now, bool prune)
{
    public Plan Plan()
    {
        var (groups, spokes, networks) = (ByRemoval(Groups()), ByRemoval(SpokePlanner.Steps(file, now)), ByRemoval(Networks()));
        return new([
            .. groups[false], .. spokes[false], .. networks[false], .. PolicyPlanner.Steps(file, now, prune), .. networks[true], .. spokes[true],
            .. prune ? SpokePlanner.Pruned(file, now) : [], .. groups[true],
        ]);
    }

    private static ILookup<bool, Step> ByRemoval(IEnumerable<Step> steps) => steps.ToLookup(step => step.Changes[0].Action == "remove");

    private IEnumerable<Step> Groups()
    {
        foreach (var wish in file.Groups ?? [])
        {
            var present = now.Groups.GetValueOrDefault(wish.Name);
            if (wish.IsAbsent)
            {
                if (present is not null && IsDecided(present))
                {
                    yield return RemoveGroup(wish.Name, present);
                }
            }
            else if (present is null)
            {
                yield return Step.Of(new("group", wish.Name, "add", null, wish.Only("routes")), (hub, cancel) => SetAsync(hub, wish, cancel));
            }
            else if (Difference.Of(present, wish.Only("routes")) is var (before, after))
            {
                yield return Step.Of(new("group", wish.Name, "change", before, after), (hub, cancel) => SetAsync(hub, wish, cancel));
            }
        }

        foreach (var left in prune ? Unnamed(now.Groups, file.Groups).Where(one => IsDecided(one.Thing)) : [])
        {
            yield return RemoveGroup(left.Name, left.Thing);
        }
    }

    /// <summary>A group that only spokes name stays as long as they do.</summary>
    private static bool IsDecided(JsonObject group) =>
        group["routes"] is not null || (group["spokeCount"]!.GetValue<long>() == 0 && group["tokenCount"]!.GetValue<long>() == 0);

    private static Step RemoveGroup(string name, JsonObject present) => Step.Of(
        new("group", name, "remove", new() { ["routes"] = present["routes"]?.DeepClone() }, null),
        (hub, cancel) => DeleteAsync(hub, $"/api/groups/{Uri.EscapeDataString(name)}", cancel));

    private static async Task<JsonNode?> SetAsync(HubConnection hub, Wish wish, CancellationToken cancellationToken)
    {
        await hub.SendAsync(HttpMethod.Put, $"/api/groups/{Uri.EscapeDataString(wish.Name)}", wish.Only("routes"), null, cancellationToken);
        return null;
    }

    private IEnumerable<Step> Networks()
    {
        foreach (var wish in file.Networks ?? [])
        {
            var present = now.Networks.GetValueOrDefault(wish.Name);
            if (wish.IsAbsent)
            {
                if (present is not null)
                {
                    yield return RemoveNetwork(wish.Name, present);
                }
            }
            else if (present is null)
            {
                yield return Step.Of(
                    new("network", wish.Name, "add", null, wish.Fields),
                    (hub, cancel) => NetworkAsync(hub, HttpMethod.Post, "/api/networks", wish.Fields, cancel));
            }
            else if (Difference.Of(present, wish.Only("cidr", "via", "standby", "masquerade")) is var (before, after))
            {
                yield return Step.Of(
                    new("network", wish.Name, "change", before, after),
                    (hub, cancel) => NetworkAsync(hub, HttpMethod.Patch, $"/api/networks/{present["id"]}", after, cancel));
            }
        }

        foreach (var left in prune ? Unnamed(now.Networks, file.Networks) : [])
        {
            yield return RemoveNetwork(left.Name, left.Thing);
        }
    }

    private static Step RemoveNetwork(string name, JsonObject present) => Step.Of(
        new("network", name, "remove", new() { ["cidr"] = present["cidr"]!.DeepClone() }, null),
        (hub, cancel) => DeleteAsync(hub, $"/api/networks/{present["id"]}", cancel));

    /// <summary>Spokes have their ids only now: one may be of this very run.</summary>
    private static async Task<JsonNode?> NetworkAsync(HubConnection hub, HttpMethod method, string path, JsonObject fields, CancellationToken cancellationToken)
    {
        var body = (JsonObject)fields.DeepClone();
        foreach (var member in new[] { "via", "standby" })
        {
            if (body[member]?.ToString() is { } name)
            {
                body[member] = await new Things(hub).CarrierAsync(name, cancellationToken);
            }
        }

        await hub.SendAsync(method, path, body, null, cancellationToken);
        return null;
    }

    public static async Task<JsonNode?> DeleteAsync(HubConnection hub, string path, CancellationToken cancellationToken)
    {
        await hub.SendAsync(HttpMethod.Delete, path, null, null, cancellationToken);
        return null;
    }

    /// <summary>What a list of the file does not name; nothing when the file does not have the list.</summary>
    public static IEnumerable<(string Name, JsonObject Thing)> Unnamed(IReadOnlyDictionary<string, JsonObject> present, IReadOnlyList<Wish>? wished)
    {
        var names = wished?.Select(wish => wish.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return names is null ? [] : present.Where(one => !names.Contains(one.Key)).Select(one => (one.Key, one.Value));
    }
}
