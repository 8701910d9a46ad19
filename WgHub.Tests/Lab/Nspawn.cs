using WgHub.TestKit;

namespace WgHub.Lab;

internal enum ContainerKind
{
    /// <summary>As good as a machine: systemd is process 1, and root is root.</summary>
    Machine,

    /// <summary>No init at all, as in most application containers.</summary>
    WithoutInit,

    /// <summary>systemd is process 1, and root is nobody outside: a user namespace, as LXC gives by default.</summary>
    Unprivileged,
}

/// <summary>A machine that runs: systemd as process 1 of a container (systemd-nspawn(1)), unless it shall have none.</summary>
internal sealed class Nspawn : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, string> Variables = new()
    {
        ["SYSTEMD_NSPAWN_API_VFS_WRITABLE"] = "network",    // sysctl net.* as on a real machine
        ["SYSTEMD_NSPAWN_UNIFIED_HIERARCHY"] = "1",
    };

    private readonly ControlGroup _group;
    private readonly ShellProcess _process;
    private readonly ContainerKind _kind;
    private readonly string _consoleFile;
    private int _leader;

    private Nspawn(ControlGroup group, ShellProcess process, ContainerKind kind, string consoleFile) =>
        (_group, _process, _kind, _consoleFile) = (group, process, kind, consoleFile);

    /// <summary>Boots, and returns when systemd says that all is up.</summary>
    public static async Task<Nspawn> BootAsync(
        string hostName, string root, NetNamespace network, ContainerKind kind, string consoleFile, CancellationToken cancel)
    {
        var machine = network.Name;
        var group = new ControlGroup(machine);
        // --register and --keep-unit: this machine's own process 1 need not be systemd.
        var process = ShellProcess.Start(
            group.Enter([
                "systemd-nspawn", "--quiet", $"--directory={root}", $"--machine={machine}", $"--hostname={hostName}",
                "--register=no", "--keep-unit", "--capability=CAP_NET_ADMIN",
                $"--bind={await TunAsync(root, cancel)}:/dev/net/tun", "--resolv-conf=off", "--timezone=off", "--link-journal=no", "--console=passive",
                .. OptionsOf(kind, network)]),
            consoleFile,
            Variables);
        var booted = new Nspawn(group, process, kind, consoleFile);
        try
        {
            await booted.WaitUntilRunningAsync(cancel);
            return booted;
        }
        catch
        {
            await booted.DisposeAsync();
            throw;
        }
    }

    /// <summary>Process 1, for whom something of the container is named by a process in it.</summary>
    public int Leader => _leader;

    /// <summary>The command line that runs a program in the container, as root and with root's plain environment.</summary>
    public string[] Enter(params string[] command) =>
    [
        "nsenter", $"--target={_leader}", .. (string[])(_kind == ContainerKind.Unprivileged ? ["--user"] : []), "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--",
        "env", "-i", "HOME=/root", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", .. command,
    ];

    /// <summary>An orderly shutdown, as from the power button.</summary>
    public async Task PowerOffAsync(CancellationToken cancel)
    {
        (await Shell.RunAsync(["kill", "-s", "RTMIN+4", $"{_leader}"], cancel)).OrThrow();
        if (!await _process.WaitForExitAsync(Limit, cancel))
        {
            throw new TimeoutException($"systemd did not shut down within {Limit}.\n{Console()}");
        }
    }

    /// <summary>The plug pulled, if the machine is still on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            if (_leader != 0)
            {
                Shell.Kill(_leader);
            }

            _process.Kill();
            await _process.WaitForExitAsync(Limit, CancellationToken.None);
        }

        _process.Dispose();
        await _group.DisposeAsync();
    }

    /// <summary>Power over a network has only whoever is root in the user namespace that it was made in.</summary>
    private static string[] OptionsOf(ContainerKind kind, NetNamespace network) => kind switch
    {
        ContainerKind.Machine => [$"--network-namespace-path={network.FilePath}", "--boot"],
        ContainerKind.WithoutInit => [$"--network-namespace-path={network.FilePath}", "--as-pid2", "sleep", "infinity"],
        _ => ["--private-network", "--private-users=131072:65536", "--private-users-ownership=chown", "--boot"],
    };

    /// <summary>The tun device as udev makes it on a real machine: for everybody. The one of the machine that runs the tests may be root's alone.</summary>
    private static async Task<string> TunAsync(string root, CancellationToken cancel)
    {
        var tun = $"{root}.tun";
        if (!File.Exists(tun))
        {
            (await Shell.RunAsync(["mknod", "--mode=0666", tun, "c", "10", "200"], cancel)).OrThrow();
        }

        return tun;
    }

    private async Task WaitUntilRunningAsync(CancellationToken cancel)
    {
        var state = "";
        var settled = await Eventually.TrueAsync(
            async () =>
            {
                state = await StateAsync(cancel);
                return state is "running" or "degraded" or "ended";
            },
            Limit,
            cancel);
        if (!settled || state == "ended")
        {
            throw new InvalidOperationException($"The spoke's systemd is '{state}' and not 'running'.\n{Console()}");
        }

        if (state == "degraded")
        {
            // Told, and not held against the scenario: the units that matter to it, it looks at itself.
            var failed = await Shell.RunAsync(Enter("systemctl", "status", "--failed", "--no-pager", "--full"), cancel);
            TestContext.Current.TestOutputHelper?.WriteLine($"A unit failed while the machine booted.\n{failed.Output}");
        }
    }

    private async Task<string> StateAsync(CancellationToken cancel)
    {
        if (_process.HasExited)
        {
            return "ended";
        }

        _leader = FindLeader();
        return _leader == 0
            ? ""
            : _kind == ContainerKind.WithoutInit ? "running" : (await Shell.RunAsync(Enter("systemctl", "is-system-running"), cancel)).Output.Trim();
    }

    /// <returns>systemd, process 1 inside, or else the program that sleeps there; 0 while there is none yet.</returns>
    private int FindLeader() =>
        _kind == ContainerKind.WithoutInit ? ChildOf(ChildOf(_process.Id, "/systemd-nspawn"), "/sleep") : ChildOf(_process.Id, "/systemd");

    private static int ChildOf(int parent, string name)
    {
        if (parent == 0)
        {
            return 0;
        }

        var child = File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ')[0];
        return child.Length > 0 && new FileInfo($"/proc/{child}/exe").LinkTarget is { } program && program.EndsWith(name, StringComparison.Ordinal)
            ? int.Parse(child)
            : 0;
    }

    private string Console() => File.ReadAllText(_consoleFile);
}
