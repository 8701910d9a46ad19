using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary>The binary of this build, as somebody runs it in a terminal, on a data directory of its own.</summary>
internal sealed class Wghub(DirectoryInfo? data = null) : IDisposable
{
    private static readonly string Binary = Path.Combine(AppContext.BaseDirectory, "wghub");

    public DirectoryInfo Data { get; } = data ?? Directory.CreateTempSubdirectory("wghub-cli-");

    public Task<ShellResult> RunAsync(params string[] command) => RunAsync(Data.FullName, [], "", command);

    public Task<ShellResult> RunWithAsync(string[] environment, params string[] command) => RunAsync(Data.FullName, environment, "", command);

    /// <summary>Runs a command to its end.</summary>
    /// <param name="environment">Such as <c>WGHUB_MASTER_KEY=…</c>.</param>
    /// <param name="input">What is typed.</param>
    public static Task<ShellResult> RunAsync(string data, string[] environment, string input, params string[] command) =>
        Shell.RunAsync(["env", .. environment, Binary, .. command, "--data", data], input, TestContext.Current.CancellationToken);

    public void Dispose() => Data.Delete(recursive: true);
}
