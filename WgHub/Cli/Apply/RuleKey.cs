using System.Text.Json.Nodes;

namespace WgHub.Cli.Apply;

/// <summary>What makes a rule, or a test, this one and no other: all that it says, but its note and whether it holds.</summary>
internal static class RuleKey
{
    public static string? OfRule(Wish wish) => OfRule(wish.Fields);

    public static string? OfTest(Wish wish) => OfTest(wish.Fields);

    public static string? OfRule(JsonObject rule) => Of(rule, "ports");

    public static string? OfTest(JsonObject test) => Of(test, "port");

    private static string? Of(JsonObject one, string ports) => one["from"] is { } from && one["to"] is { } to
        ? $"{from} → {to} {one["protocol"]?.ToString() ?? "any"} {one[ports]}".TrimEnd()
        : null;
}
