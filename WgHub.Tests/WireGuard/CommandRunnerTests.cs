using Microsoft.Extensions.Options;

namespace WgHub.WireGuard;

public sealed class CommandRunnerTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _program = $"planted-{Guid.NewGuid():N}";
    private readonly CommandRunner _runner = new(Options.Create(new WireGuardOptions()));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

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
    public async Task A_program_is_found_in_PATH() =>
        Assert.Equal("a b\n", await _runner.RunAsync("echo", ["a b"], "", Cancel));
}
