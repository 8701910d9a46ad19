using WgHub.TestKit;

namespace WgHub.Install;

/// <summary>
/// wghub-lxc.sh, and a node of Proxmox VE that a small program stands in for (pve.sh): it takes what pct takes, keeps it, and writes each call down.
/// </summary>
public abstract class LxcNode : IAsyncDisposable
{
    /// <summary>Calls that change nothing.</summary>
    protected const string Looking =
        @"^(pct (status|config) \d+|pveversion|dpkg-deb .*|pct exec \d+ -- (test|sha256sum|systemctl|dpkg-query|/root/wghub install).*)$";

    protected LxcNode()
    {
        File.WriteAllText(Script, string.Concat(Directory.GetFiles(Repository.PathOf("build/lxc")).Order(StringComparer.Ordinal).Select(File.ReadAllText)));
        foreach (var program in (string[])["pct", "pveam", "pvesh", "pvesm", "pveversion", "dpkg-deb"])
        {
            Directory.CreateDirectory(PathOf("bin"));
            File.Copy(Repository.PathOf("WgHub.Tests/Install/pve.sh"), PathOf($"bin/{program}"));
            File.SetUnixFileMode(PathOf($"bin/{program}"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        File.WriteAllText(PathOf("bin/modprobe"), "#!/bin/sh\n");
        File.SetUnixFileMode(PathOf("bin/modprobe"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Directory.CreateDirectory(PathOf("sys/class/net/vmbr0"));
        Directory.CreateDirectory(PathOf("sys/class/net/vmbr1"));
        File.WriteAllText(PathOf("version"), "pve-manager/8.3.3/f157a38b211595d6 (running kernel: 6.8.12-8-pve)\n");
        File.WriteAllText(PathOf("templates"), "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst\n");
        File.WriteAllText(PathOf("taken"), "101\n");
        File.WriteAllText(PathOf("log"), "");
        File.WriteAllText(PathOf("hub"), "\u007fELF one");
        File.WriteAllText(PathOf("newer"), "\u007fELF two");
        File.WriteAllText(PathOf("hub.deb"), "!<arch>\n1.0.0\n");
        File.WriteAllText(PathOf("newer.deb"), "!<arch>\n1.0.1\n");
    }

    public ValueTask DisposeAsync()
    {
        Folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("wghub-lxc-");

    protected string Script => PathOf("wghub-lxc.sh");

    protected string Container => File.ReadAllText(Folder.GetFiles("*.conf").Single().FullName);

    protected string Calls => File.ReadAllText(PathOf("log"));

    protected async Task ChangesNothingAsync(string command, string shell = "dash")
    {
        var before = Container;
        await File.WriteAllTextAsync(PathOf("log"), "", Cancel);
        var told = (await RunAsync(command, shell)).OrThrow();
        Assert.StartsWith("Nothing to change: container ", told, StringComparison.Ordinal);
        Assert.All(Calls.TrimEnd('\n').Split('\n'), call => Assert.Matches(Looking, call));
        Assert.Equal(before, Container);
    }

    private protected Task<ShellResult> RunAsync(string command, string shell = "dash") =>
        RunAsync(command.Split(' ', StringSplitOptions.RemoveEmptyEntries), shell);

    private protected Task<ShellResult> RunAsync(string[] command, string shell) => ShellAsync(
        """cd "$PVE" && exec "$@" """,
        [shell, Script, .. command.Select(word => File.Exists(PathOf(word)) && word.Length > 0 ? PathOf(word) : word)]);

    private protected Task<ShellResult> ShellAsync(string line, params string[] words) => Shell.RunAsync(
        ["env", $"PVE={Folder.FullName}", $"WGHUB_SYS={PathOf("sys")}", "WGHUB_PAUSE=0", $"PATH={PathOf("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
            "sh", "-c", line, "sh", .. words],
        Cancel);

    protected string PathOf(string name) => Path.Combine(Folder.FullName, name);
}
