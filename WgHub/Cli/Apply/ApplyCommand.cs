using System.CommandLine;
using System.Text.Json.Nodes;
using WgHub.Api;
using WgHub.Cli.Remote;
using WgHub.Hosting;

namespace WgHub.Cli.Apply;

/// <summary>Makes a hub be as a file says. What is so already is left alone: a second run changes nothing.</summary>
internal sealed class ApplyCommand : Command
{
    private const int LargestFile = 4 * 1024 * 1024;

    /// <summary>Of the spokes, what a file may take away without somebody having said so.</summary>
    private const double MostPruned = 0.2;

    private readonly Option<string> _file = new("--file", "-f") { Required = true, Description = "The file; - is standard input.", HelpName = "FILE" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only tells what would change." };
    private readonly Option<bool> _prune = new("--prune") { Description = "What a list of the file does not name goes." };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Also when more than a fifth of the spokes would go." };
    private readonly Option<string?> _plan = new("--plan") { Description = "The plan that a dry run told: another one is refused.", HelpName = "HASH" };
    private readonly Option<bool> _json = new("--json") { Description = "For programs." };
    private readonly HubAccess _access;

    public ApplyCommand(HubAccess access)
        : base("apply", "Makes a hub have what a file says: groups, networks, rules, tests, spokes.")
    {
        _access = access;
        foreach (Option option in new Option[] { _file, _dryRun, _prune, _yes, _plan, _json })
        {
            Options.Add(option);
        }

        access.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var name = parsed.GetRequiredValue(_file);
        var file = NetworkFile.Read(name == "-" ? "standard input" : Path.GetFileName(name), await ReadAsync(name, cancellationToken));
        using var hub = _access.Open(parsed);
        var now = await HubNow.ReadAsync(hub, cancellationToken);
        var plan = new Planner(file, now, parsed.GetValue(_prune)).Plan();
        Check(parsed, plan, now);
        foreach (var step in plan.Steps)
        {
            await (step.Try?.Invoke(hub, cancellationToken) ?? Task.CompletedTask);
        }

        if (parsed.GetValue(_dryRun))
        {
            Tell(parsed, plan, [.. plan.Changes.Select(change => (change, (JsonNode?)null))], "would be made");
            return 0;
        }

        var done = new List<(PlannedChange Change, JsonNode? Once)>();
        try
        {
            foreach (var step in plan.Steps)
            {
                var once = await step.Do(hub, cancellationToken);
                done.AddRange(step.Changes.Select(change => (change, once)));
            }
        }
        catch (Exception exception) when (exception is ApiException or IOException or OperationCanceledException)
        {
            // What was done holds, and a secret is told this once: it must not be lost with what failed.
            Tell(parsed, plan, done, $"of {plan.Changes.Count()} were made, then it stopped; the same command goes on from there");
            throw;
        }

        Tell(parsed, plan, done, "made");
        return 0;
    }

    /// <exception cref="ApiException">The plan is another one than was seen, or takes too much away.</exception>
    private void Check(ParseResult parsed, Plan plan, HubNow now)
    {
        if (parsed.GetValue(_plan) is { } seen && seen != plan.Hash)
        {
            throw Refused("PLAN_CHANGED", $"What would be done is not the plan {seen}, but {plan.Hash}: look at it with --dry-run.");
        }

        var gone = plan.Changes.Count(change => change is { Kind: "spoke", Action: "remove" });
        if (parsed.GetValue(_prune) && !parsed.GetValue(_yes) && !parsed.GetValue(_dryRun) && gone > now.Spokes.Count * MostPruned)
        {
            throw Refused("TOO_MANY_GO", $"{gone} of {now.Spokes.Count} spokes would go: look at it with --dry-run, and give --yes if it is meant.");
        }
    }

    private static ApiException Refused(string code, string why) => new(409, code, $"{why} Nothing was done.");

    private void Tell(ParseResult parsed, Plan plan, IReadOnlyList<(PlannedChange Change, JsonNode? Once)> changes, string what)
    {
        if (parsed.GetValue(_json))
        {
            var told = new JsonArray();
            foreach (var (change, once) in changes)
            {
                var one = change.ToJson();
                if (once is not null)
                {
                    one["once"] = once.DeepClone();
                }

                told.Add(one);
            }

            var answer = new JsonObject { ["changed"] = changes.Count > 0, ["plan"] = plan.Hash, ["changes"] = told };
            Output.WriteJson(writer => answer.WriteTo(writer));
            return;
        }

        foreach (var (change, once) in changes)
        {
            Console.Out.WriteLine(Line(change));
            if (once is not null)
            {
                Output.WriteThing(JsonText.ElementOf(once));
            }
        }

        var count = changes.Count == 1 ? "1 change" : $"{changes.Count} changes";
        Console.Out.WriteLine(plan.Steps.Count == 0 ? "Nothing to change." : $"{count} {what}. Plan {plan.Hash}.");
    }

    private static string Line(PlannedChange change)
    {
        var sign = change.Action switch { "add" => '+', "remove" => '-', _ => '~' };
        string[] said = change.Kind is "rule" or "test" ? ["from", "to", "protocol", "ports", "port"] : ["name"]; // in its name
        var members = (change.After ?? []).Where(member => !said.Contains(member.Key))
            .Select(member => $"{member.Key}: {(change.Before is { } before ? $"{TextOf(before[member.Key])} → " : "")}{TextOf(member.Value)}");
        return $"{sign} {change.Kind} {change.Name}  {string.Join(", ", members)}".TrimEnd();
    }

    private static string TextOf(JsonNode? value) => JsonText.Of(JsonText.ElementOf(value)) is { Length: > 0 } text ? text : "-";

    private static async Task<string> ReadAsync(string name, CancellationToken cancellationToken)
    {
        await using var stream = name == "-" ? Console.OpenStandardInput() : new FileStream(name, FileMode.Open, FileAccess.Read);
        var bytes = new byte[LargestFile + 1];
        var count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return count <= LargestFile
            ? System.Text.Encoding.UTF8.GetString(bytes, 0, count)
            : throw new UsageException($"{name} has more than {LargestFile / 1024 / 1024} MiB.");
    }
}
