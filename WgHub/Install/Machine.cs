using WgHub.WireGuard;

namespace WgHub.Install;

/// <summary>Whether a service of ours may be put on this machine, changed or taken away.</summary>
internal static class Machine
{
    private const string Booted = "/run/systemd/system"; // sd_booted(3)

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly string[] OfPackages = [ServiceFiles.Binary, "/usr/bin/wghub", "/usr/lib/systemd/system/wghub.service"];

    /// <param name="command">Such as <c>install</c>.</param>
    /// <param name="instead">What dpkg's own way is.</param>
    /// <exception cref="InstallException">Not root, no systemd, or the files are a package's.</exception>
    public static async Task RequireAsync(string command, string instead, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists(Booted))
        {
            throw new InstallException("Process 1 of this machine is not systemd. Have what starts services here run: wghub serve");
        }

        if (!Environment.IsPrivilegedProcess)
        {
            throw new InstallException($"Only root may do that: sudo wghub {command}");
        }

        if (await OwnerAsync(cancellationToken) is var (file, package))
        {
            throw new InstallException($"{file} belongs to the package {package}: {instead}", InstallException.OfPackage);
        }
    }

    /// <summary>A file that dpkg has put here, and its package.</summary>
    private static async Task<(string File, string Package)?> OwnerAsync(CancellationToken cancellationToken)
    {
        if (Programs.Find("dpkg-query") is not { } query)
        {
            return null;
        }

        var files = OfPackages.Append(Environment.ProcessPath!).Where(File.Exists).Distinct();
        var told = await SystemProgram.AskAsync(Limit, query, ["--search", .. files], cancellationToken);
        return told.Output.Split('\n').Select(line => line.Split(": ", 2)).Where(line => line.Length == 2).Select(line => ((string, string)?)(line[1], line[0]))
            .FirstOrDefault();
    }
}
