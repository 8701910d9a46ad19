using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;
using WgHub.Web;

namespace WgHub.Features.Audit;

/// <summary>Tells the facts of an entry as a person would. What it does not know it tells in the words that the name is made of.</summary>
internal static partial class AuditWords
{
    /// <summary>A key on a page is for finding, not for using.</summary>
    private const int KeyCharactersShown = 16;

    private const string Became = " → ";

    private static readonly FrozenDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["name"] = "renamed",
        ["spokeName"] = "renamed",
        ["publicKey"] = "key",
        ["os"] = "system",
        ["expiresAt"] = "expires",
        ["spokeExpiresAt"] = "spoke expires",
        ["nextTry"] = "next try",
        ["validUntil"] = "valid until",
        ["cidr"] = "addresses",
        ["mtu"] = "MTU",
        ["dns"] = "DNS",
        ["network6"] = "IPv6 network",
        ["listenPort"] = "UDP port",
        ["spokeToSpoke"] = "spokes reach each other",
        ["localSignIn"] = "local accounts",
        ["clientId"] = "client ID",
        ["tokenAuth"] = "token authentication",
        ["tokenId"] = "by",
        ["way"] = "by",
        ["why"] = "failed at",
        ["left"] = "codes left",
        ["behind"] = "spokes left behind",
        ["said"] = "its words",
        ["madeTokensRevoked"] = "revoked with it",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Values = new Dictionary<string, string>
    {
        ["True"] = "yes",
        ["False"] = "no",
        ["totp"] = "password and authenticator app",
        ["recovery"] = "recovery code",
        ["oidc"] = "identity provider",
        ["reenrol"] = "new key",
    }.ToFrozenDictionary();

    /// <summary>Facts that say nothing to a person which the row does not say.</summary>
    private static readonly FrozenSet<string> Unsaid = ["session", "spokeId", "clusterId"];

    /// <summary>Who did it.</summary>
    public static string Actor(string actor) => actor.Split(':', 2) switch
    {
        ["user" or "oidc", var name] => name,
        ["api", var name] => $"API token {name}",
        ["spoke", var name] => $"spoke {name}",
        ["cli"] => "a command on the hub",
        ["system"] => "the hub itself",
        ["provider"] => "the identity provider",
        ["anonymous"] => "nobody signed in",
        _ => actor,
    };

    /// <summary>What an entry tells besides its event and its subject, such as <c>MTU</c>, <c>1420</c>, <c>1380</c>.</summary>
    public static IReadOnlyList<AuditFact> Facts(AuditEntry entry)
    {
        using var detail = JsonDocument.Parse(entry.Detail);
        var all = detail.RootElement.EnumerateObject().ToDictionary(fact => fact.Name, fact => fact.Value.ToString());
        var subject = (AuditEvents.Find(entry.Event)?.Of ?? SubjectKind.Unknown).NameFact;
        return [.. all.Where(fact => fact.Value.Length > 0 && !Unsaid.Contains(fact.Key)).SelectMany(fact => Fact(fact.Key, fact.Value, subject, all))];
    }

    private static IEnumerable<AuditFact> Fact(string name, string value, string subject, Dictionary<string, string> all)
    {
        var (was, now) = value.Split(Became, 2) is [var before, var after] ? (before, after) : (null, value);
        var isPair = (name, all.ContainsKey("before")) is ("after", true);
        if (all.TryGetValue($"{name}Before", out var former))
        {
            if (former == value)
            {
                yield break;
            }

            was = former;
        }
        else if (isPair)
        {
            (name, was) = ("role", all["before"]);
        }
        else if (name.EndsWith("Before", StringComparison.Ordinal) || name == "before" || (name == subject && was is null))
        {
            yield break; // the row says it
        }

        yield return name switch
        {
            "enabled" => new("", null, now == "true" ? "switched on" : "switched off"),
            "tokenId" => new("by", null, "its token") { Subject = now },
            "madeBy" => new("made by", null, Actor(now)),
            _ => new(Labels.GetValueOrDefault(name) ?? Split(name), was is null ? null : Word(was), Word(now)),
        };
    }

    private static string Word(string value) =>
        value.Length == 0 ? "none" : Values.GetValueOrDefault(value) ?? Key().Replace(value, key => $"{key.Value[..KeyCharactersShown]}…");

    private static string Split(string camelCase) => Capital().Replace(camelCase, letter => $" {letter.Value.ToLowerInvariant()}");

    [GeneratedRegex("(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=")]
    private static partial Regex Key();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Capital();
}

/// <summary>One fact in words.</summary>
/// <param name="Label">May be empty: then the value says it all.</param>
/// <param name="Was">Null when only the present is told.</param>
internal sealed record AuditFact(string Label, string? Was, string Value)
{
    /// <summary>Whose entries the value leads to.</summary>
    public string? Subject { get; init; }

    /// <returns>Null when the text is no time.</returns>
    public static DateTimeOffset? TimeIn(string text) => text.EndsWith('Z') && UtcText.TryParse(text, out var time) ? time : null;
}
