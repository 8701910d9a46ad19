using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Features.Scripts;

/// <summary>What root runs on a spoke holds nothing of the caller's environment, and no two runs are at it at once.</summary>
public sealed partial class RootScriptTests : IDisposable
{
    private readonly InstallPieces _pieces = new();

    public static TheoryData<string> Shells => [.. InstallScriptTests.Shells];

    /// <summary>Each name that the script reads is in the environment, as a command; but for what it is run with.</summary>
    [Theory]
    [MemberData(nameof(Shells))]
    public async Task The_environment_gets_into_nothing_that_root_runs(string shell)
    {
        const string MakeHeal = "IF=wg0 SERVICE=$(service_manager) PRIVATE='' PUBLIC=vpn.example.com:51820; name_files; heal_script; heal_service; heal_timer";
        var names = Variable().Matches(InstallScriptTests.Functions).Select(match => match.Groups[1].Value).Distinct()
            .Except(["PATH", "PWD", "TMPDIR", "WGHUB_ROOT", "LC_ALL", "IFS", "PPID", "OPTIND"]);
        var owned = _pieces.PathOf("owned");
        string[] hostile = [.. names.Select(name => $"{name}=x; touch {owned}; : $(touch {owned}) ' \" \\")];

        var clean = await _pieces.RunAsync(shell, MakeHeal);
        var said = await _pieces.RunAsync(shell, MakeHeal, wrapper: ["env", .. hostile]);

        Assert.Equal(clean.OrThrow(), said.OrThrow());
        Assert.Contains("BREW=''\n", said.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(owned));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_value_in_what_the_timer_runs_is_one_word_whatever_it_holds(string shell)
    {
        var owned = _pieces.PathOf("owned");
        var hostile = $"a'b \"c\" $(touch {owned}) `touch {owned}`; touch {owned} # \\ * \\'";
        string[] names = ["IF", "SERVICE", "USERSPACE", "RUN", "BREW", "ENDPOINTS", "HUB_URL", "HUB_ADDRESS", "HUB_PIN"];
        _pieces.Write("value", hostile);
        var set = string.Concat(names.Where(name => name is not "ENDPOINTS").Select(name => $"{name}=$(cat {_pieces.PathOf("value")})\n"));

        var script = (await _pieces.RunAsync(shell, $"{set}PRIVATE=$IF PUBLIC=''\nheal_script")).OrThrow();
        var head = script[script.IndexOf("\nIF=", StringComparison.Ordinal)..script.IndexOf("\nCONF=", StringComparison.Ordinal)];
        var read = await Shell.RunAsync(shell.Split(' '), head + string.Concat(names.Select(name => $"\nprintf '%s\\n' \"${name}\"")) + "\n", Cancel);

        Assert.Equal(string.Concat(names.Select(name => name == "ENDPOINTS" ? $"{hostile} \n" : $"{hostile}\n")), read.OrThrow());
        Assert.All(Assignment().Matches(head), match => Assert.StartsWith("'", match.Groups[1].Value, StringComparison.Ordinal));
        Assert.False(File.Exists(owned));
    }

    [Fact]
    public async Task A_root_that_is_no_plain_path_is_refused()
    {
        var said = await _pieces.RunAsync("dash", "echo installed", wrapper: ["env", "WGHUB_ROOT=/tmp/a b; id"]);

        Assert.Equal((64, ""), (said.ExitCode, said.Output));
    }

    /// <summary>Twelve at the same moment, where nobody is at work, where the last one was killed, and where its file is empty.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("4194303\n")]
    [InlineData("")]
    public async Task Of_many_runs_at_once_one_goes_on(string? left)
    {
        const int Runs = 12;
        if (left is not null)
        {
            _pieces.Write("root/run/wghub.lock/pid", left);
        }

        var (go, hold) = (_pieces.PathOf("go"), _pieces.PathOf("hold"));
        _pieces.Write("hold", "");
        var install = $"while [ ! -e {go} ]; do sleep 0.1; done; prepare; echo got; while [ -e {hold} ]; do sleep 0.1; done";
        var runs = Enumerable.Range(0, Runs).Select(number => _pieces.RunAsync(number % 2 == 0 ? "dash" : "bash --posix", install)).ToList();

        _pieces.Write("go", "");
        Assert.True(await Eventually.TrueAsync(() => Task.FromResult(runs.Count(run => run.IsCompleted) == Runs - 1), TimeSpan.FromSeconds(60), Cancel));
        File.Delete(hold);

        var said = await Task.WhenAll(runs);
        Assert.Single(said, run => run is { ExitCode: 0, Output: "got\n" });
        Assert.Equal(Runs - 1, said.Count(run => run.ExitCode == 2 && run.Error.Contains("is at work. Let it finish", StringComparison.Ordinal)));
        Assert.False(Directory.Exists(_pieces.PathOf("root/run/wghub.lock")));
    }

    public void Dispose() => _pieces.Dispose();

    [GeneratedRegex(@"\$\{?([A-Za-z_][A-Za-z_0-9]*)")]
    private static partial Regex Variable();

    /// <summary>In the head of what the timer runs.</summary>
    [GeneratedRegex(@"(?:^| )[A-Z_0-9]+=(?=')(.)", RegexOptions.Multiline)]
    private static partial Regex Assignment();
}
