using System.CommandLine;
using WgHub.Install;

namespace WgHub.Cli;

internal static class UpgradeCommand
{
    private const string Finish = "finish";

    public static Command Create()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "The newer wghub. Without one: waits for an upgrade that is under way.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var step = new Option<string?>("--step") { Description = "What the unit of an upgrade does.", Hidden = true };
        step.AcceptOnlyFromAmong(Finish, UpgradeFinish.Keep, UpgradeFinish.PutBack, UpgradeFinish.Drop);
        var command = new Command(
            "upgrade", "Exchanges the program of the service. One that is not ready within 60 s goes back by itself, with its database.") { file, step };
        command.SetAction(async (parsed, cancellationToken) => parsed.GetValue(step) switch
        {
            null => Told(await new Upgrade(Console.WriteLine, TimeProvider.System).RunAsync(parsed.GetValue(file), cancellationToken)),
            Finish => Told(await UpgradeFinish.RunAsync(TimeProvider.System, cancellationToken), isOfUnit: true),
            var one => OnData(one, parsed),
        });
        return command;
    }

    /// <summary>An upgrade that went back is a failure to whoever asked for it. The unit has done its work: systemd shall not start it again.</summary>
    private static int Told(UpgradeOutcome? outcome, bool isOfUnit = false)
    {
        (outcome is { IsDone: false } ? Console.Error : Console.Out).WriteLine(outcome is null ? "No upgrade is under way." : $"wghub: {outcome.Sentence}");
        return outcome is { IsDone: false } && !isOfUnit ? ExitCode.Failed : 0;
    }

    private static int OnData(string step, ParseResult parsed)
    {
        Console.WriteLine(UpgradeFinish.OnData(step, CommonOptions.DataDirectoryToLook(parsed), TimeProvider.System));
        return 0;
    }
}
