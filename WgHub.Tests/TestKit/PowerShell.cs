namespace WgHub.TestKit;

/// <summary>The real PowerShell 7, which <c>test.sh</c> fetches as a tool of .NET. Where it is not to be had, a test that asks for it is skipped.</summary>
internal static class PowerShell
{
    private static readonly string? Program = ((string[])[Repository.PathOf("artifacts/powershell"), .. Folders])
        .Select(folder => Path.Combine(folder, "pwsh"))
        .FirstOrDefault(File.Exists);

    /// <summary>What it tells of an error, which a window's width breaks.</summary>
    public static string Plain(string text) => string.Join(' ', text.Split((char[])[' ', '\n', '|'], StringSplitOptions.RemoveEmptyEntries));

    private static string[] Folders => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');

    /// <summary>Runs what somebody pastes into a window of it; the exit code is 1 after an error that nobody caught.</summary>
    /// <param name="environment">More of it, as <c>NAME=value</c>.</param>
    public static Task<ShellResult> RunAsync(string text, params string[] environment) => RunAsync([], text, environment);

    /// <inheritdoc cref="RunAsync(string, string[])"/>
    /// <param name="through">The words before it, of a program that starts it elsewhere.</param>
    public static Task<ShellResult> RunAsync(string[] through, string text, params string[] environment)
    {
        Assert.SkipWhen(Program is null, "There is no PowerShell here: dotnet tool install PowerShell --tool-path artifacts/powershell");
        return Shell.RunAsync(
            [.. through, "env", "POWERSHELL_TELEMETRY_OPTOUT=1", "POWERSHELL_UPDATECHECK=Off", "NO_COLOR=1", .. environment,
                Program, "-NoProfile", "-NonInteractive", "-Command", text],
            TestContext.Current.CancellationToken);
    }
}
