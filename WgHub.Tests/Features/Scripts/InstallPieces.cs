using WgHub.TestKit;

namespace WgHub.Features.Scripts;

/// <summary>
/// Pieces of the install script in a folder that it takes for the machine: <c>main</c> runs as ever, and <c>install</c> is what a test makes it.
/// </summary>
internal sealed class InstallPieces : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-pieces-");

    public InstallPieces() => Write("root/etc/os-release", "ID=debian\n");

    public string Root => PathOf("root");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }

    /// <summary>A program that is found before those of this machine.</summary>
    public void Shim(string name, string body)
    {
        Write($"bin/{name}", $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(PathOf($"bin/{name}"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    /// <param name="options">Of the line.</param>
    /// <param name="install">What <c>install</c> does instead; null for what it does.</param>
    /// <param name="around">Functions that take the place of the script's own.</param>
    /// <param name="wrapper">A command that runs the shell.</param>
    /// <param name="script">As the hub sends it; empty for one with a token that no hub knows.</param>
    public async Task<ShellResult> RunAsync(
        string shell, string? install, string[]? options = null, string around = "", string[]? wrapper = null, string script = "")
    {
        var body = script.Length > 0 ? script[..script.LastIndexOf("{ main", StringComparison.Ordinal)] : InstallScriptTests.Functions;
        var file = $"{Guid.NewGuid():N}.sh"; // several at once
        Write(file, $"{body}\n{around}\n{(install is null ? "" : $"install() {{\n{install}\n}}\n")}main \"$@\" </dev/null\n");
        return await Shell.RunAsync(
            ["env", $"WGHUB_ROOT={Root}", $"PATH={PathOf("bin")}:{Environment.GetEnvironmentVariable("PATH")}", .. wrapper ?? [],
                .. shell.Split(' '), PathOf(file), .. options ?? []], TestContext.Current.CancellationToken);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
