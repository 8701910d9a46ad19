using System.Text.Json;
using System.Text.Json.Nodes;
using WgHub.Api;
using WgHub.Cli.Remote;

namespace WgHub.Cli.Apply;

/// <summary>Rules and tests of a file. They are one document of the hub, changed in one step: all of it holds, or none.</summary>
internal static class PolicyPlanner
{
    private const string Any = "any";

    public static IEnumerable<Step> Steps(NetworkFile file, HubNow now, bool prune)
    {
        var (rules, ruleChanges) = Merge("rule", now.Rules, file.Rules, RuleKey.OfRule, ["note", "enabled"], prune);
        var (tests, testChanges) = Merge("test", now.Tests, file.Tests, RuleKey.OfTest, ["expect"], prune);
        if (ruleChanges.Count + testChanges.Count > 0)
        {
            var body = new JsonObject { ["rules"] = rules, ["tests"] = tests };
            yield return new([.. ruleChanges, .. testChanges], async (hub, cancel) =>
            {
                await hub.SendAsync(HttpMethod.Put, RuleCommand.Policy, body, now.Revision, cancel);
                return null;
            })
            {
                Try = (hub, cancel) => TryAsync(hub, body, cancel),
            };
        }
    }

    /// <exception cref="ApiException">A test would fail.</exception>
    private static async Task TryAsync(HubConnection hub, JsonObject body, CancellationToken cancellationToken)
    {
        JsonElement plan;
        try
        {
            plan = await hub.SendAsync(HttpMethod.Put, RuleCommand.Policy + "?dryRun=true", body, null, cancellationToken);
        }
        catch (ApiException refused) when (refused.Code == "VALIDATION_FAILED")
        {
            return; // it may name what the steps before it make
        }

        if (plan.GetProperty("failedTests").EnumerateArray().Select(failed => failed.GetProperty("test")).ToList() is { Count: > 0 } failed)
        {
            throw new ApiException(
                409, "POLICY_TEST_FAILED", $"The rules would break what is to hold: {string.Join("; ", failed.Select(Told))}. Nothing was done.");
        }
    }

    private static string Told(JsonElement test) => $"{RuleKey.OfTest(JsonObject.Create(test)!)}: {JsonText.Of(test, "expect")}";

    /// <summary>The list as it is to be, and what is different in it.</summary>
    /// <param name="more">What may change in one that stays the same.</param>
    private static (JsonArray List, List<PlannedChange> Changes) Merge(
        string kind, IReadOnlyList<JsonObject> present, IReadOnlyList<Wish>? wished, Func<JsonObject, string?> keyOf, string[] more, bool prune)
    {
        var list = new JsonArray([.. present.Select(one => one.DeepClone())]);
        var changes = new List<PlannedChange>();
        var known = list.Select(one => one!.AsObject()).GroupBy(one => keyOf(one)!).ToDictionary(group => group.Key, group => group.First());
        foreach (var wish in wished ?? [])
        {
            var there = known.GetValueOrDefault(wish.Name);
            if (wish.IsAbsent)
            {
                Remove(there);
            }
            else if (there is null)
            {
                list.Add(wish.Fields.DeepClone());
                changes.Add(new(kind, wish.Name, "add", null, wish.Fields));
            }
            else if (Difference.Of(there, wish.Only(more)) is var (before, after))
            {
                changes.Add(new(kind, wish.Name, "change", before, after));
                foreach (var (member, value) in after)
                {
                    there[member] = value?.DeepClone();
                }
            }
        }

        if (prune && wished is not null)
        {
            var names = wished.Select(wish => wish.Name).ToHashSet();
            known.Where(one => !names.Contains(one.Key)).Select(one => one.Value).ToList().ForEach(Remove);
        }

        return (list, changes);

        void Remove(JsonObject? there)
        {
            if (there is not null)
            {
                list.Remove(there);
                changes.Add(new(kind, keyOf(there)!, "remove", Shown(there), null));
            }
        }
    }

    private static JsonObject Shown(JsonObject of) => new()
    {
        ["from"] = of["from"]?.DeepClone(),
        ["to"] = of["to"]?.DeepClone(),
        ["protocol"] = of["protocol"]?.ToString() ?? Any,
    };
}
