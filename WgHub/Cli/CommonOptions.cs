using System.CommandLine;
using WgHub.Storage;

namespace WgHub.Cli;

/// <summary>Options that every command has.</summary>
internal static class CommonOptions
{
    private const string DataVariable = "WGHUB_DATA";

    private static readonly Option<string?> Data = new("--data")
    {
        Description = $"Data directory ({DataVariable}; default /var/lib/wghub, or ./data when not root).",
        HelpName = "DIR",
        Recursive = true,
    };

    private static readonly Option<string?> Config = new("--config")
    {
        Description = "Settings file (default DIR/wghub.json).",
        HelpName = "FILE",
        Recursive = true,
    };

    public static void AddTo(RootCommand root)
    {
        root.Options.Add(Data);
        root.Options.Add(Config);
    }

    /// <summary>The data directory, made when it is not there, for its owner alone.</summary>
    public static DataDirectory DataDirectoryOf(ParseResult parsed)
    {
        var path = parsed.GetValue(Data)
            ?? (Environment.GetEnvironmentVariable(DataVariable) is { Length: > 0 } variable ? variable : null)
            ?? (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows() ? "/var/lib/wghub" : "data");
        var directory = Path.GetFullPath(path);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return new(directory);
    }

    /// <exception cref="UsageException">A file was named and is not there.</exception>
    public static string SettingsFileOf(ParseResult parsed, DataDirectory data) =>
        parsed.GetValue(Config) is not { } named ? data.SettingsFile
        : File.Exists(named) ? Path.GetFullPath(named)
        : throw new UsageException($"--config {named}: there is no such file.");
}
