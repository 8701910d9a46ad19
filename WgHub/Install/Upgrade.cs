using WgHub.Storage;

namespace WgHub.Install;

/// <summary>
/// Exchanges the program of the service. What is looked at and made ready is done here, beside the service and without touching it; the rest does
/// <see cref="UpgradeFinish"/>, in a unit of its own, so that it does not matter who ends this command.
/// </summary>
/// <param name="tell">Receives what is done next.</param>
internal sealed class Upgrade(Action<string> tell, TimeProvider time)
{
    private const string LockFile = "/run/wghub-upgrade.lock";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(8); // two stops and two waits until one is ready

    /// <param name="file">Null to wait for one that is under way.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="InstallException">It is refused, and nothing was changed.</exception>
    public async Task<UpgradeOutcome> RunAsync(string? file, CancellationToken cancellationToken)
    {
        await Machine.RequireAsync("upgrade FILE", "'apt install ./wghub_NEWER.deb' upgrades it.", cancellationToken);
        using var alone = Lock();
        if (UpgradeJournal.Read() is { } found)
        {
            tell($"An upgrade from {found.From} to {found.To} is under way.");
            return await FinishAsync(cancellationToken);
        }

        if (file is null)
        {
            throw new InstallException("No upgrade is under way. wghub upgrade FILE begins one.", InstallException.Usage);
        }

        return await PrepareAsync(file, cancellationToken)
            ? await FinishAsync(cancellationToken)
            : new(true, "This very file is what runs: nothing to do.");
    }

    /// <returns>False when the file is what is there.</returns>
    private async Task<bool> PrepareAsync(string file, CancellationToken cancellationToken)
    {
        var unit = ServiceFiles.OwnUnit();
        if (unit is null || !File.Exists(ServiceFiles.Binary))
        {
            throw new InstallException("There is no service wghub on this machine to upgrade: wghub install makes one.");
        }

        var data = (await RunningService.FindAsync(cancellationToken))?.Data ?? new DataDirectory(ServiceFiles.DataOf(unit));
        NewBinary.TakeAway();
        var to = await NewBinary.TakeAsync(file, cancellationToken);
        if (Installation.AreSame(NewBinary.Draft, ServiceFiles.Binary))
        {
            NewBinary.TakeAway();
            return false;
        }

        if (Directory.Exists(data.Directory))
        {
            NewBinary.RequireSpace(data.Directory, KeptData.BytesNeeded(data));
        }

        var from = await NewBinary.VersionOfAsync(ServiceFiles.Binary, cancellationToken) ?? "unknown";
        tell(Told(from, to));
        ServiceFiles.CopyProgram(ServiceFiles.Binary, NewBinary.Previous, $"{NewBinary.Previous}.new");
        ServiceFiles.Replace(NewBinary.Draft, NewBinary.Next);
        if (ServiceFiles.WriteBesides().Count > 0)
        {
            await Systemctl.RunAsync(cancellationToken, "daemon-reload");
        }

        await Systemctl.RunAsync(cancellationToken, "enable", Systemctl.Upgrade); // for a boot in the midst of it
        UpgradeJournal.Forget();
        new UpgradeJournal(from, to, data.Directory).Write();
        return true;
    }

    /// <summary>From here on it goes on without us.</summary>
    private async Task<UpgradeOutcome> FinishAsync(CancellationToken cancellationToken)
    {
        await Systemctl.TryAsync(cancellationToken, "start", Systemctl.Upgrade); // it may be through already
        var start = time.GetTimestamp();
        while (File.Exists(UpgradeJournal.File))
        {
            if (time.GetElapsedTime(start) > Longest)
            {
                throw new InstallException("The upgrade is still under way and goes on without this command: journalctl -u wghub-upgrade shows it.");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        return UpgradeJournal.Outcome ?? throw new InstallException("The upgrade is over; what came of it tells: journalctl -u wghub-upgrade");
    }

    private static string Told(string from, string to) => Compare(from, to) switch
    {
        0 => $"wghub {to} again, another build of the same version. Tunnels stand meanwhile.",
        > 0 => $"wghub {from} → {to}, which is older: where its database is too new for it, this goes back by itself. Tunnels stand meanwhile.",
        _ => $"wghub {from} → {to}. Tunnels stand meanwhile.",
    };

    /// <summary>By their numbers; what stands behind a hyphen comes before the release.</summary>
    public static int Compare(string one, string other)
    {
        static (Version Numbers, string Pre) Parts(string text) =>
            text.Split('-', 2) is [var numbers, .. var pre] && Version.TryParse(numbers, out var version)
                ? (version, pre is [var found] ? found : "~")
                : (new(), text);
        var (a, b) = (Parts(one), Parts(other));
        return a.Numbers.CompareTo(b.Numbers) is not 0 and var order ? order : string.CompareOrdinal(a.Pre, b.Pre);
    }

    /// <exception cref="InstallException">Another one is at it.</exception>
    private static FileStream Lock()
    {
        try
        {
            return new(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new InstallException($"Another wghub upgrade is at it. ({exception.Message})");
        }
    }
}
