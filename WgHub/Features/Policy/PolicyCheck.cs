using System.Globalization;

namespace WgHub.Features.Policy;

/// <summary>Whether somebody may reach something.</summary>
/// <param name="Rule">The first rule that lets it through; null when none does.</param>
/// <param name="Because">A sentence.</param>
internal sealed record PolicyVerdict(bool IsAllowed, PolicyRule? Rule, string Because);

/// <summary>Answers as the kernel would: the same rules, asked by name. Pure.</summary>
/// <param name="groupOf">The group of a spoke by its id; null for none.</param>
internal sealed class PolicyCheck(PolicyState state, Func<string, string?> groupOf)
{
    /// <param name="protocol">One of <see cref="PolicyRule.Protocols"/>; <c>any</c> asks for all of them.</param>
    /// <param name="port">Null asks for all ports.</param>
    public PolicyVerdict May(Party from, Party to, string protocol, int? port)
    {
        if (from.Kind == PartyKind.Hub)
        {
            return new(true, null, "What the hub itself starts is not held back.");
        }

        if (from.Kind == PartyKind.Internet)
        {
            return new(false, null, "Nothing starts from the internet: a rule cannot allow it.");
        }

        if (Barred(from) is { } start)
        {
            return new(false, null, $"{start} is on the list of networks that are never reached.");
        }

        if (Barred(to) is { } end)
        {
            return new(false, null, $"{end} is on the list of networks that are never reached.");
        }

        var (sources, targets) = (Sources(from), Targets(to));
        var rule = state.Rules.FirstOrDefault(one => sources.Contains(Key(one.From)) && targets.Contains(Key(one.To)) && one.Covers(protocol, port));
        return rule is null
            ? new(false, null, $"No rule allows it. {WhatThereIs(sources, targets)}")
            : new(true, rule, $"Rule {NumberOf(rule)} allows it: {rule}.");
    }

    /// <summary>The rules that are on between two, whatever they let through; none where a list of networks forbids all of it.</summary>
    public IReadOnlyList<PolicyRule> Between(Party from, Party to)
    {
        var (sources, targets) = (Sources(from), Targets(to));
        return Barred(from) is not null || Barred(to) is not null
            ? []
            : [.. state.Rules.Where(rule => rule.Enabled && sources.Contains(Key(rule.From)) && targets.Contains(Key(rule.To)))];
    }

    /// <summary>True when a rule lets a spoke reach something besides the hub itself.</summary>
    public bool ReachesOthers(string spokeId)
    {
        var sources = Sources(new(PartyKind.Spoke, spokeId, ""));
        return state.Rules.Any(rule => rule.Enabled && rule.To.Kind != PartyKind.Hub && sources.Contains(Key(rule.From)));
    }

    /// <summary>The tests of a document that fail.</summary>
    public IReadOnlyList<(PolicyTest Test, PolicyVerdict Verdict)> Failed(IEnumerable<PolicyTest> tests) =>
        [.. tests.Select(test => (test, May(test.From, test.To, test.Protocol, test.Port))).Where(one => one.Item2.IsAllowed != one.test.IsAllowed)];

    private string NumberOf(PolicyRule rule) =>
        rule.Id == PolicyState.Switch.Id
            ? "of the hub's settings"
            : (state.Document.Rules.TakeWhile(one => one.Id != rule.Id).Count() + 1).ToString(CultureInfo.InvariantCulture);

    private string WhatThereIs(HashSet<(PartyKind, string)> sources, HashSet<(PartyKind, string)> targets)
    {
        var near = state.Rules.Where(rule => sources.Contains(Key(rule.From)) && targets.Contains(Key(rule.To)))
            .Take(3).Select(rule => rule.ToString()).ToList();
        return near.Count == 0 ? "There is none between the two." : $"Between the two there is only: {string.Join("; ", near)}.";
    }

    /// <summary>Whose rules hold for one: its own, its group's, anybody's.</summary>
    private HashSet<(PartyKind, string)> Sources(Party from)
    {
        HashSet<(PartyKind, string)> sources = [Key(from)];
        if (from.Kind == PartyKind.Spoke && groupOf(from.Id) is { } group)
        {
            sources.Add((PartyKind.Group, group));
        }

        if (from.Kind != PartyKind.Network || IsBehindSpoke(from))
        {
            sources.Add(Key(Party.Anybody));
        }

        return sources;
    }

    /// <summary>By what names one is reached.</summary>
    private HashSet<(PartyKind, string)> Targets(Party to)
    {
        HashSet<(PartyKind, string)> targets = [Key(to)];
        if (to.Kind == PartyKind.Spoke && groupOf(to.Id) is { } group)
        {
            targets.Add((PartyKind.Group, group));
        }

        if (to.Kind is PartyKind.Spoke or PartyKind.Group || IsBehindSpoke(to))
        {
            targets.Add(Key(Party.Anybody));
        }

        return targets;
    }

    private bool IsBehindSpoke(Party party) => Network(party) is { IsBesideHub: false };

    private string? Barred(Party party) =>
        Network(party) is { } network
            && state.Barred.Any(barred => barred.Contains(network.Cidr))
            ? $"{network.Name} ({network.Cidr})"
            : null;

    private PolicyNetwork? Network(Party party) =>
        party.Kind == PartyKind.Network ? state.Networks.FirstOrDefault(network => network.Id == party.Id) : null;

    private static (PartyKind Kind, string Id) Key(Party party) => (party.Kind, party.Id);
}
