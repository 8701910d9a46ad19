using System.Security.Cryptography;
using System.Text;

namespace WgHub.Features.Policy;

/// <summary>What a wish would change.</summary>
/// <param name="After">All of it, as it would be.</param>
/// <param name="FailedTests">Why it would be refused.</param>
internal sealed record PolicyPlan(PolicyState Before, PolicyState After, IReadOnlyList<(PolicyTest Test, PolicyVerdict Verdict)> FailedTests)
{
    /// <summary>A line each, with a sign before it: <c>+</c> comes, <c>-</c> goes.</summary>
    public IReadOnlyList<string> Diff { get; } = [.. Lines(Before.Document, After.Document)];

    /// <summary>Names what was shown, so that nothing else is done.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [$"{Before.Revision}", .. Lines(Before.Document, After.Document)]))));

    private static IEnumerable<string> Lines(PolicyDocument before, PolicyDocument after)
    {
        var (old, now) = (before.Rules.ToDictionary(rule => rule.Id), after.Rules.ToDictionary(rule => rule.Id));
        foreach (var rule in before.Rules.Where(rule => !now.TryGetValue(rule.Id, out var same) || !same.SaysAsMuchAs(rule)))
        {
            yield return $"- {Told(rule)}";
        }

        foreach (var rule in after.Rules.Where(rule => !old.TryGetValue(rule.Id, out var same) || !same.SaysAsMuchAs(rule)))
        {
            yield return $"+ {Told(rule)}";
        }

        var kept = before.Rules.Select(rule => rule.Id).Where(now.ContainsKey);
        if (!kept.SequenceEqual(after.Rules.Select(rule => rule.Id).Where(old.ContainsKey)))
        {
            yield return "+ another order of the rules";
        }

        foreach (var test in before.Tests.Except(after.Tests))
        {
            yield return $"- test {test}";
        }

        foreach (var test in after.Tests.Except(before.Tests))
        {
            yield return $"+ test {test}";
        }

        if (before.Masquerades != after.Masquerades)
        {
            yield return $"- internet sees the hub's address: {before.Masquerades}";
            yield return $"+ internet sees the hub's address: {after.Masquerades}";
        }
    }

    private static string Told(PolicyRule rule) => rule.Note.Length == 0 ? rule.ToString() : $"{rule} ({rule.Note})";
}
