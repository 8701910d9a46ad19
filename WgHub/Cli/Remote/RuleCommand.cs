using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using WgHub.Hosting;

namespace WgHub.Cli.Remote;

/// <summary>Rules of who may reach whom. They are one document, changed in one step: who was quicker is not overwritten.</summary>
internal static class RuleCommand
{
    /// <summary>The document that rules and tests are.</summary>
    public const string Policy = "/api/policy";

    private static readonly Field[] RuleFields =
    [
        new("from", "Who: group:NAME, spoke:NAME, network:NAME or anybody."), new("to", "Whom: the same, or internet or hub."),
        new("protocol", "any, tcp, udp or icmp."), new("ports", "Such as 22,8006,9000-9100; '' for all."), new("note", "What for."),
        new("enabled", "Whether it holds.", FieldKind.Flag),
    ];

    private static readonly Field[] TestFields =
    [
        new("from", "Who."), new("to", "Whom."), new("protocol", "any, tcp, udp or icmp."), new("port", "One port.", FieldKind.Number),
        new("expect", "allow or deny."),
    ];

    public static readonly Noun Rule = new("rule", "Rules of who may reach whom.")
    {
        Verbs =
        [
            Nouns.List(Policy, "rules", "Lists rules, in their order.") with
            {
                Columns =
                [
                    new("ID", "id"), new("FROM", "from"), new("TO", "to"), new("PROTOCOL", "protocol"), new("PORTS", "ports"), new("ENABLED", "enabled"),
                    new("NOTE", "note"),
                ],
            },
            new("tests", "Lists what the rules must allow and refuse.", HttpMethod.Get, Policy)
            {
                Rows = "tests",
                Columns = [new("FROM", "from"), new("TO", "to"), new("PROTOCOL", "protocol"), new("PORT", "port"), new("EXPECT", "expect")],
            },
            new("check", "Tells whether one may reach another, by which rule, or why not.", HttpMethod.Get, "/api/policy/check")
            {
                Fields = [.. TestFields.Where(field => field.Member != "expect")],
                Shows = true,
            },
            new("confirm", "Keeps a change that was made with --confirm-seconds.", HttpMethod.Post, "/api/policy/confirm")
            {
                Fields = [new("revision", "Of that change.", FieldKind.Number)],
                Shows = true,
            },
        ],
    };

    public static Command Create(HubAccess access)
    {
        var command = NounCommand.Create(Rule, access);
        command.Subcommands.Add(new EditCommand("add", "Adds a rule.", RuleFields, access, (rules, wish, _) => rules.Add(wish), "rules") { HasPlace = false });
        command.Subcommands.Add(new EditCommand("set", "Changes rules.", RuleFields, access, Change, "rules"));
        command.Subcommands.Add(new EditCommand("remove", "Removes rules.", [], access, (rules, _, index) => rules.RemoveAt(index), "rules"));
        command.Subcommands.Add(new EditCommand("test-add", "Adds a test.", TestFields,
            access, (tests, wish, _) => tests.Add(wish), "tests")
        { HasPlace = false });
        command.Subcommands.Add(new EditCommand("test-remove", "Removes tests, by their number.", [],
            access, (tests, _, index) => tests.RemoveAt(index), "tests"));
        return command;
    }

    private static void Change(JsonArray rules, JsonObject wish, int index)
    {
        if (wish.Count == 0)
        {
            throw new UsageException($"rule set: what is to be changed? There are {string.Join(", ", RuleFields.Select(field => field.Option))}.");
        }

        foreach (var (member, value) in wish)
        {
            rules[index]![member] = value?.DeepClone();
        }
    }

    /// <summary>Reads the document, changes it and puts it back, if it is still the one that was read.</summary>
    private sealed class EditCommand : Command
    {
        private readonly Argument<string[]> _places = new("RULE") { Arity = ArgumentArity.OneOrMore, Description = "Ids, or numbers in the list, from 1." };
        private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only tells what would change." };
        private readonly Option<string?> _confirm = new("--confirm-seconds")
        { Description = "Goes back by itself unless 'rule confirm' comes in time.", HelpName = "N" };
        private readonly Output _output = new();
        private readonly List<(Field Field, Option<string?> Option)> _options;
        private readonly HubAccess _access;
        private readonly Action<JsonArray, JsonObject, int> _edit;
        private readonly string _part;

        /// <param name="edit">Changes rules or tests, by what is wished, at a place.</param>
        /// <param name="part">The document's member that is changed.</param>
        public EditCommand(string name, string what, Field[] fields, HubAccess access, Action<JsonArray, JsonObject, int> edit, string part)
            : base(name, what)
        {
            (_access, _edit, _part) = (access, edit, part);
            _options = [.. fields.Select(field => (field, field.AddTo(this)))];
            Arguments.Add(_places);
            Options.Add(_dryRun);
            Options.Add(_confirm);
            _output.AddTo(this, isList: false);
            access.AddTo(this);
            SetAction(RunAsync);
        }

        /// <summary>False: there is no thing yet that it is about.</summary>
        public bool HasPlace
        {
            init
            {
                if (!value)
                {
                    Arguments.Remove(_places);
                }
            }
        }

        private async Task RunAsync(ParseResult parsed, CancellationToken cancellationToken)
        {
            var wish = new JsonObject();
            foreach (var (field, option) in _options)
            {
                if (field.GivenIn(parsed, option) is { } text)
                {
                    wish[field.Member] = field.Read(text);
                }
            }

            using var hub = _access.Open(parsed);
            var policy = await hub.GetAsync(Policy, cancellationToken);
            var parts = JsonNode.Parse(policy.GetProperty(_part).GetRawText())!.AsArray();
            var places = Arguments.Count == 0 ? [parts.Count] : PlacesIn(parts, parsed.GetRequiredValue(_places));
            foreach (var place in places.Distinct().OrderDescending())
            {
                _edit(parts, wish, place);
            }

            var seconds = parsed.GetValue(_confirm) is { } given ? new Field("confirmSeconds", "", FieldKind.Number).Read(given)!.ToString() : null;
            var query = parsed.GetValue(_dryRun) ? "?dryRun=true" : seconds is not null ? $"?confirmSeconds={seconds}" : "";
            var answer = await hub.SendAsync(
                HttpMethod.Put, Policy + query, new JsonObject { [_part] = parts }, policy.GetProperty("revision").GetRawText(), cancellationToken);
            if (_output.IsJson(parsed))
            {
                Output.WriteJson(answer.WriteTo);
            }
            else if (parsed.GetValue(_dryRun))
            {
                Output.WriteThing(answer);
            }
            else
            {
                var trial = seconds is null ? "" : $", until {JsonText.Of(answer, "confirmUntil")} unless it is confirmed";
                await Console.Out.WriteLineAsync($"revision {JsonText.Of(answer, "revision")}{trial}");
            }
        }

        private List<int> PlacesIn(JsonArray parts, string[] named) => [.. named.Select(name =>
            int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= parts.Count ? number - 1
            : parts.Select((part, index) => (part, index)).Where(one => one.part?["id"]?.ToString() == name).Select(one => (int?)one.index).FirstOrDefault()
                ?? throw new Api.ApiException(404, "NOT_FOUND", $"There is no {_part.TrimEnd('s')} '{name}'."))];
    }
}
