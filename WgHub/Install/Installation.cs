using System.Text.RegularExpressions;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Install;

/// <summary>Makes this file a service of its machine. Done again, it mends what is missing and changes nothing else.</summary>
/// <param name="data">Null where none was named: then what the service has, or the usual place.</param>
/// <param name="urls">Null where none were named.</param>
/// <param name="tell">Receives a line for each change.</param>
internal sealed partial class Installation(string? data, string? urls, Action<string> tell, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Where a service of ours sees nothing, or something else than others do (ProtectHome=, PrivateTmp=), or what no boot keeps.</summary>
    private static readonly string[] NotForData = ["/home/", "/root/", "/tmp/", "/var/tmp/", "/run/", "/proc/", "/sys/", "/dev/", "/etc/", "/usr/", "/boot/"];

    private bool _isChanged;

    /// <returns>Where the data lie, and whether anything was changed.</returns>
    /// <exception cref="InstallException">It is refused, with nothing changed; or the service did not become ready.</exception>
    public async Task<(DataDirectory Data, bool IsChanged)> RunAsync(CancellationToken cancellationToken)
    {
        await Machine.RequireAsync("install", "it is installed; 'systemctl status wghub' shows the service.", cancellationToken);
        UpgradeJournal.RequireNone();
        await RequireNoOtherUnitAsync(cancellationToken);
        var unit = ServiceFiles.OwnUnit();
        var folder = FolderFor(unit);
        RequirePrograms();
        var source = Source();

        await MakeUserAsync(cancellationToken);
        await MakeDataFolderAsync(folder, cancellationToken);
        var isOther = PutBinary(source) | Write(ServiceFiles.WriteDefaults(urls), ServiceFiles.Defaults);
        isOther |= Write(ServiceFiles.Put(ServiceFiles.Unit, ServiceFiles.UnitText(folder)), ServiceFiles.Unit);
        foreach (var written in ServiceFiles.WriteBesides())
        {
            Write(true, written);
        }

        await StartAsync(isOther, cancellationToken);
        return (new(folder), _isChanged);
    }

    private static async Task RequireNoOtherUnitAsync(CancellationToken cancellationToken)
    {
        var other = await Systemctl.ShowAsync(Systemctl.Service, "FragmentPath", cancellationToken);
        if (other.Length > 0 && other != ServiceFiles.Unit)
        {
            throw new InstallException($"There is a service wghub in {other} that was not made by wghub. It stays as it is.");
        }
    }

    private string FolderFor(string? unit)
    {
        if (unit is not null && data is not null && data != ServiceFiles.DataOf(unit))
        {
            throw new InstallException(
                $"--data {data}: the service keeps its data in {ServiceFiles.DataOf(unit)}. "
                + "To have them elsewhere: wghub uninstall, move them, wghub install --data.",
                InstallException.Usage);
        }

        var folder = data ?? (unit is null ? ServiceFiles.DefaultData : ServiceFiles.DataOf(unit));
        if (folder != ServiceFiles.DefaultData && (!Plain().IsMatch(folder) || NotForData.Any(one => folder.StartsWith(one, StringComparison.Ordinal))))
        {
            throw new InstallException(
                $"--data {folder}: the service takes a folder of its own, below another and of letters, digits and ._-, such as /srv/wghub; "
                + $"not below {string.Join(", ", NotForData.Select(one => one.TrimEnd('/')))}.",
                InstallException.Usage);
        }

        return ServiceFiles.IsForHub(folder)
            ? folder
            : throw new InstallException($"--data {folder}: holds something else than a hub's data.", InstallException.Usage);
    }

    /// <summary>Before anything is changed: without them the service would run, and no tunnel.</summary>
    private static void RequirePrograms()
    {
        var options = new WireGuardOptions();
        var missing = new[] { options.WgCommand, options.IpCommand, options.NftCommand }.Where(program => Programs.Find(program) is null).ToList();
        if (missing.Count > 0)
        {
            throw new InstallException(
                $"{string.Join(" and ", missing)} {(missing.Count > 1 ? "are" : "is")} not on this machine. Nothing was changed. Run this, and install again: "
                + $"apt install {string.Join(' ', missing.Select(Programs.PackageOf))}");
        }
    }

    /// <summary>This very file, which is to be the service's.</summary>
    private static string Source()
    {
        var own = Environment.ProcessPath!;
        if (File.Exists(Path.ChangeExtension(own, "dll")) || File.Exists($"{own}.dll"))
        {
            throw new InstallException($"{own} is a build with its parts beside it. What publish.sh makes is one file, and can be installed.");
        }

        return own == ServiceFiles.Binary || !File.Exists(ServiceFiles.Binary) || AreSame(own, ServiceFiles.Binary)
            ? own
            : throw new InstallException(
                $"{ServiceFiles.Binary} is there already and is another file. 'wghub upgrade {own}' exchanges the one of a service; else take it away first.");
    }

    private async Task MakeUserAsync(CancellationToken cancellationToken)
    {
        if ((await SystemProgram.AskAsync(Limit, "getent", ["passwd", ServiceFiles.User], cancellationToken)).ExitCode != 0)
        {
            await SystemProgram.RunAsync(Limit, "systemd-sysusers", ["--inline", ServiceFiles.UserLine], cancellationToken);
            Write(true, $"the user {ServiceFiles.User}");
        }
    }

    /// <summary>The usual one systemd makes and gives to the user (StateDirectory=).</summary>
    private async Task MakeDataFolderAsync(string folder, CancellationToken cancellationToken)
    {
        var there = new DataDirectory(folder);
        if (folder == ServiceFiles.DefaultData || (Directory.Exists(folder) && there.HasDatabase && FileStatus.Of(folder) is { Owner: > 0 }))
        {
            return;
        }

        var isNew = !Directory.Exists(folder);
        PrivateFiles.CreateFolder(folder);
        PrivateFiles.SetMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string[] ownership = ["--recursive", "--no-dereference", $"{ServiceFiles.User}:{ServiceFiles.User}", folder];
        await SystemProgram.RunAsync(Limit, "chown", ownership, cancellationToken);
        Write(isNew, folder);
    }

    private bool PutBinary(string source)
    {
        if (File.Exists(ServiceFiles.Binary))
        {
            return false;
        }

        ServiceFiles.CopyProgram(source, ServiceFiles.Binary, $"{ServiceFiles.Binary}.new");
        return Write(true, ServiceFiles.Binary);
    }

    private async Task StartAsync(bool isOther, CancellationToken cancellationToken)
    {
        if (_isChanged)
        {
            await Systemctl.RunAsync(cancellationToken, "daemon-reload");
        }

        foreach (var unit in new[] { Systemctl.Service, Systemctl.Upgrade })
        {
            if (await Systemctl.ShowAsync(unit, "UnitFileState", cancellationToken) != "enabled")
            {
                await Systemctl.RunAsync(cancellationToken, "enable", unit);
                Write(true, $"{unit} enabled");
            }
        }

        var isRunning = await Systemctl.ShowAsync(Systemctl.Service, "ActiveState", cancellationToken) == "active";
        if (isOther || !isRunning)
        {
            await Systemctl.TryAsync(cancellationToken, "reset-failed", Systemctl.Service);
            await Systemctl.RunAsync(cancellationToken, "restart", Systemctl.Service);
            Write(true, $"{Systemctl.Service} {(isRunning ? "restarted" : "started")}");
        }

        if (await Readiness.WaitAsync(time, cancellationToken) is { } reason)
        {
            throw new InstallException($"The service is installed, but not ready. {reason}");
        }
    }

    private bool Write(bool isWritten, string what)
    {
        if (isWritten)
        {
            _isChanged = true;
            tell(what);
        }

        return isWritten;
    }

    public static bool AreSame(string one, string other)
    {
        if (new FileInfo(one).Length != new FileInfo(other).Length)
        {
            return false;
        }

        using var first = File.OpenRead(one);
        using var second = File.OpenRead(other);
        return System.Security.Cryptography.SHA256.HashData(first).AsSpan().SequenceEqual(System.Security.Cryptography.SHA256.HashData(second));
    }

    [GeneratedRegex(@"\A(/(?!\.{1,2}(/|\z))[A-Za-z0-9._-]+){2,}\z")]
    private static partial Regex Plain();
}
