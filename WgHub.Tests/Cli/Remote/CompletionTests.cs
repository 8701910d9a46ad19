using WgHub.TestKit;

namespace WgHub.Cli.Remote;

/// <summary>What a shell offers behind a word that was begun.</summary>
public sealed class CompletionTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task Bash_completes_commands_options_and_names_of_spokes()
    {
        await hub.EnrolAsync("complete-oslo");
        await hub.EnrolAsync("complete-bergen");

        Assert.Equal(["cluster", "cluster-token"], await BashAsync("clu"));
        Assert.Equal(["disable", "diagnose"], (await BashAsync("spoke", "di")).OrderByDescending(word => word, StringComparer.Ordinal));
        Assert.Equal(["complete-bergen", "complete-oslo"], (await BashAsync("spoke", "show", "complete-")).Order());
        Assert.Equal(["complete-oslo"], await BashAsync("spoke", "disable", "complete-bergen", "complete-o"));
        Assert.Equal(["--tags"], await BashAsync("spoke", "set", "complete-oslo", "--ta"));
        Assert.Equal(["bash"], await BashAsync("completion", "b"));
    }

    [Fact]
    public async Task Without_a_hub_there_are_words_and_no_names_and_nothing_is_said()
    {
        var told = await Shell.RunAsync([Binary, "complete", "--data", "/nowhere", "--", "spoke", "show", ""], TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (told.ExitCode, told.Error));
    }

    [Fact]
    public async Task Zsh_and_fish_read_their_scripts_and_offer_the_same()
    {
        await hub.EnrolAsync("shell-oslo");
        const string Zsh = """
            autoload -U compinit; compinit -u -D
            eval "$(wghub completion zsh)"
            [ "$_comps[wghub]" = _wghub ] || exit 9
            compadd() { shift; print -l -- "$@"; }
            words=(wghub "$@"); CURRENT=$(($# + 1)); _wghub
            """;

        Assert.Equal("diagnose\ndisable\n", (await ShellAsync("zsh", ["-f", "-c", Zsh, "zsh", "spoke", "d"])).OrThrow());
        Assert.Equal("shell-oslo\n", (await ShellAsync("zsh", ["-f", "-c", Zsh, "zsh", "spoke", "show", "shell-"])).OrThrow());
        const string Fish = "wghub completion fish | source; complete -C 'wghub spoke show shell-'";
        Assert.Equal("shell-oslo\n", (await ShellAsync("fish", ["--no-config", "-c", Fish])).OrThrow());
    }

    private static string Binary => Path.Combine(AppContext.BaseDirectory, "wghub");

    /// <summary>As bash asks when Tab is pressed behind the last word.</summary>
    private async Task<string[]> BashAsync(params string[] words)
    {
        const string Script = """
            eval "$(wghub completion bash)"
            COMP_WORDS=(wghub "$@"); COMP_CWORD=$#
            _wghub
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        var told = (await ShellAsync("bash", ["-c", Script, "bash", .. words])).OrThrow();
        return told.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private Task<ShellResult> ShellAsync(string shell, string[] command) => Shell.RunAsync(
        ["env", $"PATH={AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}", $"WGHUB_DATA={hub.Folder.FullName}",
            "HOME=/nonexistent", shell, .. command],
        TestContext.Current.CancellationToken);
}
