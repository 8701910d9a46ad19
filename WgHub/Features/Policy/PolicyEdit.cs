using WgHub.Web;

namespace WgHub.Features.Policy;

/// <summary>One change that a page asks for. It is shown as a plan first, and then sent once more.</summary>
internal sealed class PolicyEdit
{
    /// <summary>What is to be done: see <see cref="ToWish"/>.</summary>
    public string? Step { get; set; }

    /// <summary>Of a rule; the place of a test.</summary>
    public string? Id { get; set; }

    public string? From { get; set; }

    public string? To { get; set; }

    public string? Protocol { get; set; } = "any";

    public string? Ports { get; set; }

    public string? Note { get; set; }

    public string? Expect { get; set; }

    public string? Masquerades { get; set; }

    public static PolicyEdit Of(PolicyRule rule) => new()
    {
        Step = "change",
        Id = rule.Id,
        From = rule.From.ToString(),
        To = rule.To.ToString(),
        Protocol = rule.Protocol,
        Ports = rule.PortsText,
        Note = rule.Note,
    };

    /// <exception cref="AppException">VALIDATION_FAILED; NOT_FOUND when the rule is gone.</exception>
    public PolicyWish ToWish(PolicyDocument document) => Step switch
    {
        "add" => new([.. document.Rules.Select(PolicyRuleDto.Of), Typed(null, true)]),
        "change" => OfRule(document, rule => [Typed(rule.Id, rule.Enabled)]),
        "on" => OfRule(document, rule => [PolicyRuleDto.Of(rule) with { Enabled = true }]),
        "off" => OfRule(document, rule => [PolicyRuleDto.Of(rule) with { Enabled = false }]),
        "remove" => OfRule(document, _ => []),
        "add-test" => new(null, [.. document.Tests.Select(PolicyTestDto.Of), new(From, To, Protocol, PortNumber(), Expect)]),
        "remove-test" => new(null, [.. document.Tests.Where((_, place) => $"{place}" != Id).Select(PolicyTestDto.Of)]),
        "masquerade" => new() { Masquerades = Masquerades },
        _ => throw WebErrors.Invalid("step", "Nothing that can be done."),
    };

    /// <summary>The fields, to be sent once more.</summary>
    public IEnumerable<(string Field, string? Value)> Fields() =>
    [
        (nameof(Step), Step), (nameof(Id), Id), (nameof(From), From), (nameof(To), To), (nameof(Protocol), Protocol), (nameof(Ports), Ports),
        (nameof(Note), Note), (nameof(Expect), Expect), (nameof(Masquerades), Masquerades),
    ];

    private PolicyWish OfRule(PolicyDocument document, Func<PolicyRule, IEnumerable<PolicyRuleDto>> change) =>
        document.Rules.Any(rule => rule.Id == Id)
            ? new([.. document.Rules.SelectMany(rule => rule.Id == Id ? change(rule) : [PolicyRuleDto.Of(rule)])])
            : throw WebErrors.NotFound("rule");

    private PolicyRuleDto Typed(string? id, bool enabled) => new(id, From, To, Protocol, Ports, enabled, Note);

    private int? PortNumber() => string.IsNullOrWhiteSpace(Ports) ? null
        : int.TryParse(Ports.Trim(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var port) ? port
        : throw WebErrors.Invalid("ports", "A test asks about one port: a number from 1 to 65535, or nothing for all.");
}
