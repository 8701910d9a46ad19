using System.CommandLine;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Cli;

/// <summary>Options that every command has.</summary>
internal static class CommonOptions
{
    private const string DataVariable = "WGHUB_DATA";
    private const string WayOut = $"Name the hub's with --data or {DataVariable}.";

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
    /// <exception cref="IOException">It is a file, or somewhere where no directory can be.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static DataDirectory DataDirectoryOf(ParseResult parsed)
    {
        var directory = PathOf(parsed);
        return Tried(directory, () =>
        {
            PrivateFiles.CreateFolder(directory);
            _ = Directory.EnumerateFiles(directory).Any(); // one that was there may be another user's
            return new DataDirectory(directory);
        });
    }

    /// <summary>The data directory of a hub that is there. One that was misspelt must not become a new hub's.</summary>
    /// <inheritdoc cref="DataDirectoryOf"/>
    /// <exception cref="StorageException">There is none.</exception>
    public static DataDirectory ExistingDataDirectoryOf(ParseResult parsed)
    {
        var directory = PathOf(parsed);
        return Tried(directory, () => File.Exists(directory) || HasData(new(directory)))
            ? DataDirectoryOf(parsed)
            : throw new StorageException($"There is no hub's database in {directory}. {WayOut}");
    }

    /// <summary>The data directory as it is named, for who only looks: it is not made, and need not be there.</summary>
    public static DataDirectory DataDirectoryToLook(ParseResult parsed) => new(PathOf(parsed));

    /// <summary>The data directory if one is named, by option or variable.</summary>
    public static string? NamedDataDirectoryOf(ParseResult parsed) =>
        parsed.GetValue(Data) is not null || Environment.GetEnvironmentVariable(DataVariable) is { Length: > 0 }
            ? Path.TrimEndingDirectorySeparator(PathOf(parsed))
            : null;

    private static bool HasData(DataDirectory data) => Directory.Exists(data.Directory) && (data.HasDatabase || DataSwap.IsPending(data));

    private static T Tried<T>(string directory, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new UnauthorizedAccessException($"The data directory {directory} is not for this user. Use sudo, or: {WayOut}", exception);
        }
        catch (IOException exception)
        {
            var why = File.Exists(directory) ? "is a file, and not a directory." : $"cannot be made: {exception.Message}";
            throw new IOException($"The data directory {directory} {why} {WayOut}", exception);
        }
    }

    private static string PathOf(ParseResult parsed)
    {
        var path = parsed.GetValue(Data)
            ?? (Environment.GetEnvironmentVariable(DataVariable) is { Length: > 0 } variable ? variable : null)
            ?? (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows() ? "/var/lib/wghub" : "data");
        return path.Length > 0 ? Path.GetFullPath(path) : throw new UsageException("--data: names no directory.");
    }

    /// <exception cref="UsageException">A file was named and is not there.</exception>
    public static string SettingsFileOf(ParseResult parsed, DataDirectory data) =>
        parsed.GetValue(Config) is { } named
            ? File.Exists(named) ? Path.GetFullPath(named) : throw new UsageException($"--config {named}: there is no such file.")
            : !Directory.Exists(data.SettingsFile) ? data.SettingsFile
            : throw new UsageException($"{data.SettingsFile} is a directory, and not a file of settings.");
}
