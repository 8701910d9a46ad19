using System.Globalization;
using WgHub.TestKit;

namespace WgHub.Architecture;

/// <summary>
/// A rule that today's code breaks in places. They stand in offenders.txt, each with its figure, and that list only
/// shrinks: a new place fails, one that grew fails, and so does one that got better while the list stayed.
/// </summary>
internal static class Ratchet
{
    private const string Tighten = "WGHUB_TIGHTEN";

    private static readonly Lock Writing = new();

    private static string ListFile => Repository.PathOf("WgHub.Tests/Architecture/offenders.txt");

    /// <param name="rule">Its name in the list, one word.</param>
    /// <param name="found">Who breaks it, how much, and where, for whoever must mend it.</param>
    public static void Holds(string rule, IEnumerable<Offence> found)
    {
        var offences = found.Where(offence => offence.Figure > 0).OrderBy(offence => offence.Who, StringComparer.Ordinal).ToList();
        lock (Writing)
        {
            var listed = Listed(rule);
            var worse = offences.Where(offence => offence.Figure > listed.GetValueOrDefault(offence.Who));
            Tell("Mend these rather than list them.", worse.Select(offence => $"{offence.Line(rule)}    {offence.Where}"));

            var now = offences.ToDictionary(offence => offence.Who, offence => offence.Figure);
            var better = listed.Where(old => now.GetValueOrDefault(old.Key) < old.Value).ToList();
            if (better.Count > 0 && Environment.GetEnvironmentVariable(Tighten) == "1")
            {
                Write(rule, offences);
                return;
            }

            Tell(
                $"Better than offenders.txt says: {Tighten}=1 ./test.sh --room Architecture lowers it.",
                better.Select(old => $"{rule} {old.Key}: {old.Value}, now {now.GetValueOrDefault(old.Key)}"));
        }
    }

    private static void Tell(string what, IEnumerable<string> offences)
    {
        var lines = offences.ToList();
        Assert.True(lines.Count == 0, $"{what}\n{string.Join('\n', lines)}");
    }

    private static Dictionary<string, int> Listed(string rule) => File.ReadLines(ListFile)
        .Where(line => line.StartsWith($"{rule} ", StringComparison.Ordinal))
        .Select(line => line[(rule.Length + 1)..].Split(": "))
        .ToDictionary(parts => parts[0], parts => int.Parse(parts[1], CultureInfo.InvariantCulture));

    private static void Write(string rule, List<Offence> offences)
    {
        var others = File.ReadAllLines(ListFile).Where(line => !line.StartsWith($"{rule} ", StringComparison.Ordinal));
        File.WriteAllLines(ListFile, [
            .. others.Where(line => line.StartsWith('#')),
            .. others.Where(line => !line.StartsWith('#')).Concat(offences.Select(offence => offence.Line(rule))).Order(StringComparer.Ordinal),
        ]);
    }
}

/// <param name="Who">A file, a type or two rooms.</param>
/// <param name="Figure">How far over the rule, in the rule's own unit.</param>
/// <param name="Where">For the message of a test that fails.</param>
internal sealed record Offence(string Who, int Figure, string Where = "")
{
    public string Line(string rule) => string.Create(CultureInfo.InvariantCulture, $"{rule} {Who}: {Figure}");
}
