using System.Text.RegularExpressions;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Install;

/// <summary>Takes away what <see cref="Installation"/> has made. Data and tunnels stay, unless all is to go.</summary>
/// <param name="data">Where no unit says it any more: named, or the usual place.</param>
/// <param name="tell">Receives a line for each change.</param>
internal sealed partial class Removal(string data, Action<string> tell, TimeProvider time)
{
    private const int Tries = 25;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <param name="isAll">Data, user, interface, firewall and rules of routing too.</param>
    /// <returns>Where the data lie that were left; null when there are none.</returns>
    /// <exception cref="InstallException">It is refused, with nothing changed.</exception>
    public async Task<DataDirectory?> RunAsync(bool isAll, CancellationToken cancellationToken)
    {
        await Machine.RequireAsync("uninstall", $"'apt {(isAll ? "purge" : "remove")} wghub' takes it away.", cancellationToken);
        UpgradeJournal.RequireNone();
        var unit = ServiceFiles.OwnUnit();
        var folder = new DataDirectory(unit is null ? data : ServiceFiles.DataOf(unit));
        if (isAll)
        {
            RequireOurs(folder);
        }

        if (unit is not null)
        {
            await Systemctl.RunAsync(cancellationToken, "disable", "--now", Systemctl.Service);
            await Systemctl.TryAsync(cancellationToken, "disable", Systemctl.Upgrade);
            tell($"{Systemctl.Service} stopped and disabled");
        }

        foreach (var file in ServiceFiles.All.Append(ServiceFiles.Binary))
        {
            Delete(file);
        }

        NewBinary.TakeAway();
        await Systemctl.RunAsync(cancellationToken, "daemon-reload");
        await Systemctl.TryAsync(cancellationToken, "reset-failed", Systemctl.Service);
        if (isAll)
        {
            await PurgeAsync(folder, cancellationToken);
        }

        return Directory.Exists(folder.Directory) ? folder : null;
    }

    /// <summary>A folder that was named by mistake is not emptied.</summary>
    private static void RequireOurs(DataDirectory folder)
    {
        if (!ServiceFiles.IsForHub(folder.Directory))
        {
            throw new InstallException($"--data {folder.Directory}: holds no hub's data, and stays as it is. Nothing was changed.", InstallException.Usage);
        }
    }

    private async Task PurgeAsync(DataDirectory folder, CancellationToken cancellationToken)
    {
        foreach (var link in Interfaces(folder))
        {
            await TakeAwayAsync(link, cancellationToken);
        }

        if (Directory.Exists(folder.Directory))
        {
            Directory.Delete(folder.Directory, recursive: true);
            tell($"{folder.Directory} deleted");
        }

        Delete(ServiceFiles.Defaults);
        await DeleteUserAsync(cancellationToken);
    }

    /// <summary>The copies for a boot without the hub say which interfaces are ours.</summary>
    private static List<string> Interfaces(DataDirectory folder)
    {
        var copies = Path.Combine(folder.Directory, "wireguard");
        return Directory.Exists(copies)
            ? [.. Directory.EnumerateFiles(copies, "*.conf").Select(file => Path.GetFileNameWithoutExtension(file)).Where(name => Link().IsMatch(name))]
            : [];
    }

    private async Task TakeAwayAsync(string link, CancellationToken cancellationToken)
    {
        tell($"{link}: interface, firewall table and rules of routing deleted");
        await SystemProgram.AskAsync(Limit, "ip", ["link", "delete", link], cancellationToken);
        await SystemProgram.AskAsync(Limit, "nft", ["delete", "table", "inet", $"wghub_{link}"], cancellationToken);
        foreach (var family in new[] { "-4", "-6" })
        {
            var rules = await SystemProgram.AskAsync(Limit, "ip", [family, "rule", "show"], cancellationToken);
            foreach (var rule in Rule().Matches(rules.Output).Where(rule => rule.Groups["link"].Value == link))
            {
                await SystemProgram.AskAsync(
                    Limit, "ip", [family, "rule", "delete", "priority", rule.Groups["priority"].Value, rule.Groups["way"].Value, link], cancellationToken);
            }
        }
    }

    /// <summary>A wireguard-go of his may need a moment to see that its interface is gone.</summary>
    private async Task DeleteUserAsync(CancellationToken cancellationToken)
    {
        for (var tries = Tries; (await SystemProgram.AskAsync(Limit, "getent", ["passwd", ServiceFiles.User], cancellationToken)).ExitCode == 0; tries--)
        {
            var told = await SystemProgram.AskAsync(Limit, "userdel", [ServiceFiles.User], cancellationToken);
            if (told.ExitCode == 0)
            {
                tell($"the user {ServiceFiles.User} deleted");
            }
            else if (tries == 0)
            {
                throw new InstallException($"All but the user {ServiceFiles.User} was taken away: {told.Error}");
            }
            else
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private void Delete(string file)
    {
        if (File.Exists(file))
        {
            File.Delete(file);
            tell($"{file} deleted");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_=+.-]{1,15}\z")]
    private static partial Regex Link();

    [GeneratedRegex(@"^(?<priority>\d+):.* (?<way>[io]if) (?<link>\S+)", RegexOptions.Multiline)]
    private static partial Regex Rule();
}
