using System.Text.RegularExpressions;
using WgHub.Hosting;
using WgHub.WireGuard;

namespace WgHub.Install;

/// <summary>The file that an upgrade brings, beside the program and under names of its own.</summary>
internal static partial class NewBinary
{
    /// <summary>Being written, or not looked at yet.</summary>
    public const string Draft = $"{ServiceFiles.Binary}.draft";

    /// <summary>To be renamed to the program's name. As long as it is there, the program is the one before.</summary>
    public const string Next = $"{ServiceFiles.Binary}.next";

    /// <summary>What an upgrade goes back to, and what carries it out.</summary>
    public const string Previous = $"{ServiceFiles.Binary}.previous";

    private const long Spare = 16 * 1024 * 1024; // bytes

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Copies the file to <see cref="Draft"/> and asks the copy for its version: what is looked at is what will run.</summary>
    /// <exception cref="InstallException">It is no wghub, or none for this machine.</exception>
    public static async Task<string> TakeAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file) || FileStatus.IsNoFile(file))
        {
            throw new InstallException($"{file}: there is no such file.", InstallException.Usage);
        }

        RequireSpace(Path.GetDirectoryName(ServiceFiles.Binary)!, new FileInfo(file).Length + new FileInfo(ServiceFiles.Binary).Length + Spare);
        ServiceFiles.CopyProgram(file, Draft);
        try
        {
            if (await VersionOfAsync(Draft, cancellationToken) is { } version)
            {
                return version;
            }
        }
        catch (WgException exception)
        {
            File.Delete(Draft);
            throw new InstallException($"{file} is no wghub for this machine: {exception.Message} Nothing was changed.", InstallException.Usage);
        }

        File.Delete(Draft);
        throw new InstallException($"{file} is no wghub: it does not tell a version as one does. Nothing was changed.", InstallException.Usage);
    }

    /// <returns>Null where it does not tell one.</returns>
    public static async Task<string?> VersionOfAsync(string program, CancellationToken cancellationToken)
    {
        var told = await SystemProgram.AskAsync(Limit, program, ["version"], cancellationToken);
        return told.ExitCode == 0 && VersionLine().Match(told.Output) is { Success: true } line ? line.Groups[1].Value : null;
    }

    /// <exception cref="InstallException">There is less.</exception>
    public static void RequireSpace(string folder, long bytes)
    {
        if (DiskSpace.Of(folder) is { } space && space.FreeBytes < (ulong)bytes)
        {
            throw new InstallException(
                $"{folder} has {space.FreeBytes / 1024 / 1024} MiB left; an upgrade with its way back takes {bytes / 1024 / 1024}. Nothing was changed.");
        }
    }

    /// <summary>What is left of an upgrade that was over, or never began.</summary>
    public static void TakeAway()
    {
        foreach (var file in new[] { Draft, Next, Previous, $"{Previous}.new", $"{ServiceFiles.Binary}.new" })
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex(@"\Awghub (\d+\.\d+\.\d+[0-9A-Za-z.-]*) \(")]
    private static partial Regex VersionLine();
}
