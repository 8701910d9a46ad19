using System.Security.Cryptography;
using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary>A start that cannot go well ends with one sentence, and leaves everything as it was.</summary>
public sealed partial class StartTests : IDisposable
{
    private readonly Wghub _wghub = new();

    private string KeyFile => Path.Combine(_wghub.Data.FullName, "master.key");

    public void Dispose() => _wghub.Dispose();

    [Fact]
    public async Task Whatever_it_makes_is_for_its_owner_alone()
    {
        var data = Path.Combine(_wghub.Data.FullName, "a", "b");
        (await Wghub.RunAsync(data, [], "", "api-token", "create", "--name", "x", "--role", "viewer")).OrThrow();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        Assert.All(Directory.GetFiles(data), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.NotEmpty(Directory.GetFiles(data));
    }

    [Fact]
    public async Task A_damaged_database_is_told_in_one_sentence()
    {
        await File.WriteAllTextAsync(Path.Combine(_wghub.Data.FullName, "wghub.db"), new string('x', 10_000), Cancel);

        Tells(1, "damaged", await ServeAsync());
        Tells(1, "damaged", await _wghub.RunAsync("setup-code"));
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_made_is_told_in_one_sentence() =>
        Tells(1, "/proc", await Wghub.RunAsync("/proc/wghub", [], "", "serve", "--urls", "http://127.0.0.1:0"));

    [Fact]
    public async Task The_master_key_of_another_hub_is_told_and_nothing_is_changed()
    {
        await using var hub = new TestHub();
        await hub.InitializeAsync();
        await hub.StopAsync();
        await File.WriteAllTextAsync(hub.Data.MasterKeyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), Cancel);
        var conf = await File.ReadAllTextAsync(hub.ConfFile, Cancel);

        Tells(1, "master key", await Wghub.RunAsync(hub.Folder.FullName, [], "", "serve", "--urls", "http://127.0.0.1:0"));

        Assert.Equal(conf, await File.ReadAllTextAsync(hub.ConfFile, Cancel));
    }

    [Fact]
    public async Task The_master_key_comes_from_the_credential_then_the_variable_then_the_file()
    {
        var good = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var credentials = _wghub.Data.CreateSubdirectory("credentials").FullName;

        await File.WriteAllTextAsync(Path.Combine(credentials, "master"), "not a key", Cancel);
        Tells(64, "'master'", await ServeAsync($"CREDENTIALS_DIRECTORY={credentials}", $"WGHUB_MASTER_KEY={good}"));
        Tells(64, "WGHUB_MASTER_KEY", await ServeAsync("WGHUB_MASTER_KEY=not a key"));
        Assert.False(File.Exists(KeyFile));

        await File.WriteAllTextAsync(KeyFile, "not a key", Cancel);
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Tells(64, "master.key", await ServeAsync());
    }

    [Theory]
    [InlineData(128)]
    [InlineData(512)]
    public async Task Too_few_descriptors_are_told_in_one_sentence(int most)
    {
        var result = await Shell.RunAsync(
            ["prlimit", $"--nofile={most}:{most}", Path.Combine(AppContext.BaseDirectory, "wghub"), "serve", "--data", _wghub.Data.FullName], Cancel);

        Tells(1, "LimitNOFILE", result);
        Assert.Empty(_wghub.Data.GetFiles());
    }

    [Fact]
    public async Task Data_that_is_open_to_others_is_told_of_with_what_mends_it()
    {
        (await _wghub.RunAsync("setup-code")).OrThrow();
        File.SetUnixFileMode(_wghub.Data.FullName, (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(Path.Combine(_wghub.Data.FullName, "wghub.db"), (UnixFileMode)0b110_100_100);
        await using var hub = await RunningHub.StartAsync(_wghub, "wgopen0");

        var folder = _wghub.Data.FullName;
        Assert.Contains($"{folder} can be changed by others than its owner. Run: chmod 700 {folder}.", hub.Log, StringComparison.Ordinal);
        Assert.Contains("wghub.db can be read by others than its owner. Run: chmod 600 ", hub.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_tells_its_version() =>
        Assert.Matches(Version(), (await _wghub.RunAsync("version")).OrThrow());

    private Task<ShellResult> ServeAsync(params string[] environment) =>
        _wghub.RunWithAsync(environment, "serve", "--urls", "http://127.0.0.1:0");

    private static void Tells(int exitCode, string word, ShellResult result)
    {
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Matches(@"\Awghub: [^\n]+\n\z", result.Error);
        Assert.Contains(word, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("not a key", result.Error, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\Awghub \d+\.\d+\.\d+\S* \(\w+\) \.NET 10\.\S+ linux-\w+\n\z")]
    private static partial Regex Version();
}
