using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Policy;

/// <summary>A rule as it was sent.</summary>
internal sealed record PolicyRuleDto(
    string? Id = null, string? From = null, string? To = null, string? Protocol = null, string? Ports = null, bool? Enabled = null, string? Note = null)
{
    public static PolicyRuleDto Of(PolicyRule rule) =>
        new(rule.Id, rule.From.ToString(), rule.To.ToString(), rule.Protocol, rule.PortsText, rule.Enabled, rule.Note);
}

/// <summary>A test as it was sent.</summary>
internal sealed record PolicyTestDto(string? From = null, string? To = null, string? Protocol = null, int? Port = null, string? Expect = null)
{
    public static PolicyTestDto Of(PolicyTest test) => new(test.From.ToString(), test.To.ToString(), test.Protocol, test.Port, test.Expect);
}

/// <summary>All rules and tests as they were sent; null leaves a list as it is.</summary>
internal sealed record PolicyWish(IReadOnlyList<PolicyRuleDto>? Rules = null, IReadOnlyList<PolicyTestDto>? Tests = null, string? Masquerades = null);

/// <summary>Reads a wish: names become what they name.</summary>
internal sealed class PolicyReading(Tx tx, PolicyStore policies, PolicyState state)
{
    private const int LongestNote = 200;

    private readonly FieldChecks _checks = new();
    private readonly Dictionary<(PartyKind, string), Party?> _found = [];

    /// <exception cref="AppException">VALIDATION_FAILED with a sentence for each field.</exception>
    public PolicyDocument Read(PolicyWish wish)
    {
        var document = state.Document;
        if (wish.Rules?.Count > PolicyDocument.MostRules)
        {
            throw WebErrors.Invalid("rules", $"At most {PolicyDocument.MostRules} rules: name groups and networks rather than machines one by one.");
        }

        if (wish.Tests?.Count > PolicyDocument.MostTests)
        {
            throw WebErrors.Invalid("tests", $"At most {PolicyDocument.MostTests} tests.");
        }

        var known = document.Rules.Select(rule => rule.Id).ToHashSet();
        IReadOnlyList<PolicyRule> rules = wish.Rules is null ? document.Rules : [.. wish.Rules.Select((rule, index) => Rule(rule, $"rules[{index}]", known))];
        IReadOnlyList<PolicyTest> tests = wish.Tests is null ? document.Tests : [.. wish.Tests.Select((test, index) => Test(test, $"tests[{index}]"))];
        var masquerades = wish.Masquerades is null ? document.Masquerades : Word("masquerades", wish.Masquerades, PolicyDocument.MasqueradeWords, "both");
        Twice(rules);
        _checks.ThrowIfAny();
        return new(rules, tests, masquerades);
    }

    /// <summary>One end, on its own.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public Party Party(string field, string? text)
    {
        var party = Find(field, text);
        _checks.ThrowIfAny();
        return party!;
    }

    /// <param name="known">Ids that may be kept; each once.</param>
    private PolicyRule Rule(PolicyRuleDto? rule, string field, HashSet<string> known)
    {
        rule ??= new();
        var (from, to) = (Find($"{field}.from", rule.From), Find($"{field}.to", rule.To));
        if (from?.Kind is PartyKind.Internet or PartyKind.Hub)
        {
            _checks.Fail($"{field}.from", "Nothing starts there that a rule could allow: the internet never does, and the hub itself is not held back.");
        }

        var protocol = Word($"{field}.protocol", rule.Protocol, PolicyRule.Protocols, "any");
        if (!PortRange.TryParse(rule.Ports, out var ports))
        {
            _checks.Fail($"{field}.ports", PortRange.Rule);
        }
        else if (ports.Count > 0 && protocol == "icmp")
        {
            _checks.Fail($"{field}.ports", "ICMP has no ports.");
        }

        var note = rule.Note?.Trim() ?? "";
        if (note.Length > LongestNote || note.Any(char.IsControl))
        {
            _checks.Fail($"{field}.note", $"At most {LongestNote} characters, no control characters.");
        }

        return new()
        {
            Id = rule.Id is { } id && known.Remove(id) ? id : Guid.CreateVersion7(tx.Now).ToString(),
            From = from!,
            To = to!,
            Protocol = protocol,
            Ports = ports ?? [],
            Enabled = rule.Enabled ?? true,
            Note = note,
        };
    }

    private PolicyTest Test(PolicyTestDto? test, string field)
    {
        test ??= new();
        var (from, to) = (Find($"{field}.from", test.From), Find($"{field}.to", test.To));
        var protocol = Word($"{field}.protocol", test.Protocol, PolicyRule.Protocols, "any");
        if (test.Port is < 1 or > 65535 || (test.Port is not null && protocol is not ("tcp" or "udp")))
        {
            _checks.Fail($"{field}.port", "A number from 1 to 65535, with tcp or udp.");
        }

        return new(from!, to!, protocol, test.Port, Word($"{field}.expect", test.Expect, ["allow", "deny"], "allow") == "allow");
    }

    private Party? Find(string field, string? text)
    {
        if (!Policy.Party.TryParse(text, out var kind, out var name))
        {
            _checks.Fail(field, Policy.Party.Rule);
            return null;
        }

        if (!_found.TryGetValue((kind, name), out var party))
        {
            _found[(kind, name)] = party = policies.Find(tx, state.Hub, kind, name);
        }

        if (party is null)
        {
            _checks.Fail(field, $"There is no {Policy.Party.Word(kind)} of that name.");
        }

        return party;
    }

    private string Word(string field, string? text, string[] words, string usual)
    {
        if (string.IsNullOrEmpty(text))
        {
            return usual;
        }

        if (!words.Contains(text))
        {
            _checks.Fail(field, $"One of {string.Join(", ", words)}.");
        }

        return text;
    }

    private void Twice(IReadOnlyList<PolicyRule> rules)
    {
        Dictionary<(Party?, Party?, string, string), int> seen = [];
        foreach (var (rule, index) in rules.Select((rule, index) => (rule, index)))
        {
            if (!seen.TryAdd((rule.From, rule.To, rule.Protocol, rule.PortsText), index))
            {
                _checks.Fail($"rules[{index}]", $"It says the same as rule {seen[(rule.From, rule.To, rule.Protocol, rule.PortsText)] + 1}.");
            }
        }
    }
}
