using System.Text.Json;
using WgHub.TestKit;

namespace WgHub.Features.Scripts;

/// <summary>What <c>powershell/parse.mjs</c> reads out of a script. Its grammar is of 5.1: what only PowerShell 7 knows is an error to it.</summary>
/// <param name="Runs">The commands that run when the script does, outside of functions.</param>
/// <param name="ActingCuts">Lengths at which a script that was cut short would run something.</param>
internal sealed record PowerShellParser(string[] Errors, string[] Commands, string[] Functions, string[] Runs, int[] ActingCuts)
{
    public static async Task<PowerShellParser> ReadAsync(string script)
    {
        // Without the flag, node spends 20 s on making the grammar fast, for a second of work.
        var said =
            (await Shell.RunAsync(
                ["node", "--liftoff-only", Repository.PathOf("WgHub.Tests/Features/Scripts/powershell/parse.mjs")], script,
                TestContext.Current.CancellationToken))
                .OrThrow();
        var json = JsonElement.Parse(said);
        return new(
            Texts("errors"), Texts("commands"), Texts("functions"), Texts("runs"),
            [.. json.GetProperty("actingCuts").EnumerateArray().Select(cut => cut.GetInt32())]);

        string[] Texts(string name) => [.. json.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
    }
}
