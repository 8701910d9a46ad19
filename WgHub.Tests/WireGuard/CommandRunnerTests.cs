using Microsoft.Extensions.Options;
using WgHub.TestKit;

namespace WgHub.WireGuard;

public sealed class CommandRunnerTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _program = $"planted-{Guid.NewGuid():N}";
    private readonly CommandRunner _runner = new(Options.Create(new WireGuardOptions()), new());

    private static IEnumerable<string> Folders => [Directory.GetCurrentDirectory(), AppContext.BaseDirectory];

    public void Dispose()
    {
        foreach (var folder in Folders)
        {
            File.Delete(Path.Combine(folder, _program));
        }
    }

    /// <summary>The hub may be root, and whoever starts it may stand in a folder that anybody can write to.</summary>
    [Fact]
    public async Task A_program_that_lies_where_the_hub_was_started_is_not_taken()
    {
        foreach (var file in Folders.Select(folder => Path.Combine(folder, _program)))
        {
            await File.WriteAllTextAsync(file, "#!/bin/sh\necho planted\n", Cancel);
            File.SetUnixFileMode(file, Executable);
        }

        var refusal = await Assert.ThrowsAsync<WgException>(() => _runner.RunAsync(_program, ["show"], "", Cancel));

        Assert.Equal($"{_program} could not be started: No such file or directory.", refusal.Message);
    }

    [Fact]
    public async Task A_program_is_found_in_PATH_and_gets_each_argument_as_it_is() =>
        Assert.Equal("a b||\"\\|$(id) ' \n|", await _runner.RunAsync("printf", ["%s|", "a b", "", "\"\\", "$(id) ' \n"], "", Cancel));

    [Fact]
    public async Task What_is_for_the_hub_alone_is_not_in_a_programs_environment()
    {
        var own = $"WGHUB_{_program}";
        Environment.SetEnvironmentVariable(own, "ours");
        try
        {
            var seen = await _runner.RunAsync("env", ["--null"], "", Cancel);

            Assert.Contains("PATH=", seen, StringComparison.Ordinal);
            Assert.DoesNotContain(_program, seen, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(own, null);
        }
    }

    [Theory]
    [InlineData(@"\033]0;pwned\007\033[31mno \033[1;4mway\033[0m\r", "no way")]
    [InlineData(@"a\0b\bc\177d\tz", "abcdz")]
    [InlineData(@"\302\2331mred\302\205 \342\200\256txet", "red txet")] // C1 controls, and a mark that turns the reading direction
    [InlineData(@"\033P1;2|data\033\\said", "said")]
    [InlineData(@"\033[0m\nsecond line", "second line")]
    [InlineData(@"\033", "exit 1")]
    [InlineData(@"\303\204rger", "Ärger")]
    public async Task What_a_program_says_of_its_failure_is_plain_text(string said, string heard)
    {
        var refusal = await Assert.ThrowsAsync<WgException>(() => _runner.RunAsync("sh", ["-c", "printf \"$1\" >&2; exit 1", "sh", said], "", Cancel));

        Assert.Equal($"sh -c: {heard}", refusal.Message);
    }

    [Fact]
    public async Task A_reason_has_an_end() =>
        Assert.Equal(
            500 + "sh -c: …".Length,
            (await Assert.ThrowsAsync<WgException>(() => _runner.RunAsync("sh", ["-c", "printf %9999s x | tr ' ' y >&2; exit 1"], "", Cancel))).Message.Length);

    [Fact]
    public async Task What_a_program_does_not_read_is_no_failure() =>
        Assert.Equal("well\n", await _runner.RunAsync("echo", ["well"], new string('x', 1024 * 1024), Cancel));

    [Fact]
    public async Task A_program_that_takes_too_long_is_ended_with_all_that_it_started()
    {
        var child = Path.GetTempFileName();
        var refusal = await Assert.ThrowsAsync<WgException>(() => Impatient.RunAsync("sh", ["-c", $"sleep 60 & echo $! >{child}; wait"], "", Cancel));

        Assert.Equal("sh -c: no answer in 1 s.", refusal.Message);
        var id = (await File.ReadAllTextAsync(child, Cancel)).Trim();
        File.Delete(child);
        Assert.True(await Eventually.TrueAsync(() => !IsAlive(id), TimeSpan.FromSeconds(5), Cancel));
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_told_so_and_not_that_the_program_was_slow()
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        caller.CancelAfter(100);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _runner.RunAsync("sleep", ["60"], "", caller.Token));
    }

    [Fact]
    public async Task A_program_that_does_not_stop_talking_is_not_listened_to_for_ever()
    {
        var refusal = await Assert.ThrowsAsync<WgException>(() => _runner.RunAsync("yes", ["and so on"], "", Cancel));

        Assert.Equal("yes said more than 64 MiB.", refusal.Message);
    }

    private static CommandRunner Impatient => new(Options.Create(new WireGuardOptions { TimeoutSeconds = 1 }), new());

    /// <summary>Not there, or dead and nobody has asked for it yet.</summary>
    private static bool IsAlive(string id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
