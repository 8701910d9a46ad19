using System.CommandLine;

namespace WgHub.Cli;

/// <summary>What to say of a command line that the parser does not take: which word is wrong, and which would be right.</summary>
internal static class WrongWords
{
    // As other programs call it; of several words, the one that there is.
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.OrdinalIgnoreCase)
    {
        ["start"] = "serve",
        ["run"] = "serve",
        ["up"] = "serve",
        ["server"] = "serve",
        ["daemon"] = "serve",
        ["tokens"] = "token",
        ["account"] = "user",
        ["key"] = "master-key",
        ["help"] = "--help",
        ["new"] = "create add",
        ["make"] = "create add",
        ["create"] = "add",
        ["delete"] = "revoke remove",
        ["remove"] = "revoke",
        ["revoke"] = "remove",
        ["rm"] = "revoke remove",
        ["ls"] = "list",
        ["get"] = "show",
        ["info"] = "show",
        ["edit"] = "set",
        ["update"] = "set upgrade",
        ["change"] = "set",
        ["peer"] = "spoke",
        ["peers"] = "spoke",
        ["client"] = "spoke",
        ["clients"] = "spoke",
        ["config"] = "hub",
        ["status"] = "hub",
        ["password"] = "passwd",
        ["check"] = "verify",
        ["--port"] = "--urls",
        ["-p"] = "--urls",
        ["--listen"] = "--urls",
        ["--bind"] = "--urls",
        ["--host"] = "--urls",
        ["--address"] = "--urls",
        ["--dir"] = "--data",
        ["--datadir"] = "--data",
        ["-d"] = "--data",
        ["--settings"] = "--config",
        ["-c"] = "--config",
        ["--conf"] = "--config",
        ["--http"] = "--insecure-http",
        ["--insecure"] = "--insecure-http",
        ["--ttl"] = "--expires",
        ["--user"] = "--name",
    };

    /// <param name="isServeLeftOut">True: the command line named no command.</param>
    public static string SentenceOf(ParseResult parsed, bool isServeLeftOut)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [var word, ..])
        {
            var option = word.Split('=')[0]; // what stands behind it may be a secret
            return word.StartsWith('-') ? $"{PathOf(command)} has no option {option}. {Instead(option, OptionsOf(command))}"
                : (isServeLeftOut ? parsed.RootCommandResult.Command : command) is { Subcommands.Count: > 0 } above
                    ? $"There is no command '{PathOf(above)} {word}'. {Instead(word, above.Subcommands.Where(one => !one.Hidden).Select(one => one.Name))}"
                    : $"'{word}' is one word too many behind '{PathOf(command)}'. '{PathOf(command)} --help' tells what it takes.";
        }

        return command is { Subcommands.Count: > 0, Action: null }
            ? $"{PathOf(command)} takes one of: {string.Join(", ", command.Subcommands.Select(one => one.Name))}."
            : $"{PathOf(command)}: {parsed.Errors[0].Message} '{PathOf(command)} --help' tells what it takes.";
    }

    /// <summary>The nearest of the known words, or all of them when none is near.</summary>
    public static string Instead(string word, IEnumerable<string> known)
    {
        var words = known.ToList();
        return Nearest(word, words) is { } near ? $"Did you mean {near}?" : $"There are: {string.Join(", ", words)}.";
    }

    /// <summary>Of a setting: the nearest, else those of its section, else the sections.</summary>
    public static string InsteadOfSetting(string setting, IReadOnlyList<string> known)
    {
        var section = known.Where(name => name.StartsWith(setting.Split(':')[0] + ':', StringComparison.OrdinalIgnoreCase)).ToList();
        return Nearest(setting, known) is { } near ? $"Did you mean {near}?"
            : $"There are: {string.Join(", ", section.Count > 0 ? section : known.Select(name => name.Split(':')[0]).Distinct())}.";
    }

    private static string? Nearest(string word, IReadOnlyList<string> known) =>
        Elsewhere.TryGetValue(word, out var others) && others.Split(' ').FirstOrDefault(one => known.Contains(one) || one == "--help") is { } other
            ? other
            : known.Where(one => (word.Length >= 3 && one.StartsWith(word, StringComparison.OrdinalIgnoreCase)) || Distance(word, one) <= 1 + (one.Length / 4))
                .MinBy(one => Distance(word, one));

    /// <summary>How many letters have to be put in, taken out or exchanged (Levenshtein), whatever their case.</summary>
    private static int Distance(string a, string b)
    {
        var last = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var exchanged = last[j - 1] + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                row[j] = Math.Min(exchanged, 1 + Math.Min(last[j], row[j - 1]));
            }

            last = row;
        }

        return last[b.Length];
    }

    private static string PathOf(Command command) =>
        command is RootCommand ? "wghub" : $"{PathOf(command.Parents.OfType<Command>().First())} {command.Name}";

    private static IEnumerable<string> OptionsOf(Command command) => command.Options.Select(option => option.Name).Concat(OptionsAbove(command)).Distinct();

    private static IEnumerable<string> OptionsAbove(Command command) => command.Parents.OfType<Command>().SelectMany(
        above => above.Options.Where(option => option.Recursive).Select(option => option.Name).Concat(OptionsAbove(above)));
}
