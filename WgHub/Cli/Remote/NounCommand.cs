using System.CommandLine;

namespace WgHub.Cli.Remote;

/// <summary>Makes the commands of a kind of thing.</summary>
internal static class NounCommand
{
    public static Command Create(Noun noun, HubAccess access)
    {
        var command = new Command(noun.Name, noun.What);
        AddVerbs(command, noun, access);
        return command;
    }

    /// <summary>Below a command that does more.</summary>
    public static void AddVerbs(Command command, Noun noun, HubAccess access)
    {
        foreach (var verb in noun.Verbs)
        {
            command.Subcommands.Add(new VerbCommand(noun, verb, access));
        }
    }
}
