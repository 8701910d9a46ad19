using System.CommandLine;
using System.Text.Json;
using WgHub.Api;
using WgHub.Hosting;

namespace WgHub.Cli.Remote;

/// <summary>What a shell puts behind a word that was begun: words of the command line, and names of what a hub has.</summary>
internal static class CompletionCommand
{
    private const int MostNames = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = $"{string.Join(", ", Shells)}." };
        shell.CompletionSources.Add(Shells);
        var command = new Command("completion", "Prints the script that lets a shell complete wghub's commands, and names of spokes.") { shell };
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(shell);
            Console.Out.Write(Shells.Contains(name)
                ? EmbeddedFiles.ReadText($"templates/completion/wghub.{name}")
                : throw new UsageException($"completion {name}: one of {string.Join(", ", Shells)}."));
        });
        return command;
    }

    /// <summary>What those scripts call. It never fails: a shell has no place for a sentence.</summary>
    public static Command CreateForShells(HubAccess access)
    {
        var words = new Argument<string[]>("WORDS") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("complete", "Completes the last of the words.") { words };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var given = parsed.GetValue(words) ?? [];
            var begun = given is [.., var last] ? last : "";
            var line = parsed.RootCommandResult.Command.Parse(given);
            var known = line.GetCompletions().Select(one => one.InsertText ?? one.Label).Where(one => !one.StartsWith('/') && one is not ("-?" or "-h"));
            var names = begun.StartsWith('-') ? [] : await NamesAsync(line, begun, access, cancellationToken);
            var found = known.Where(word => word.StartsWith(begun, StringComparison.OrdinalIgnoreCase)).Concat(names).Distinct();
            await Console.Out.WriteAsync(string.Concat(found.Select(word => word + "\n")));
        });
        return command;
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(ParseResult line, string begun, HubAccess access, CancellationToken cancellationToken)
    {
        if (line.CommandResult.Command is not VerbCommand { TakesNames: true, Noun: { List: { } list } noun })
        {
            return [];
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var hub = access.Open(line);
            var query = noun.Search is { } search && begun.Length > 0 ? $"{search}={Uri.EscapeDataString(begun)}" : "";
            return [.. (await new Things(hub).ListAsync(list, list.Path, query, MostNames, patience.Token))
                .Select(row => JsonText.Of(row, noun.NameMember)).Where(name => name.StartsWith(begun, StringComparison.OrdinalIgnoreCase))];
        }
        catch (Exception exception)
            when (exception is IOException or ApiException or UsageException or OperationCanceledException or JsonException or KeyNotFoundException)
        {
            return [];
        }
    }
}
