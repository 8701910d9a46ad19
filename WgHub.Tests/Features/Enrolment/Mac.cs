using WgHub.TestKit;

namespace WgHub.Features.Enrolment;

/// <summary>A folder that the install script takes for a Mac: <c>mac-programs.sh</c> stands in for what macOS and Homebrew bring. Tunnels are real.</summary>
internal sealed class Mac : IAsyncDisposable
{
    /// <summary>Found first, whatever the machine of the test has: they behave as on a Mac, or complain.</summary>
    private static readonly string[] Programs =
    [
        "uname", "sw_vers", "stat", "sudo", "launchctl", "networksetup",
        "sed", "date", "mktemp", "dd", "base64", "grep", "head", "tail", "cut", "tr", "mv", "ln", "rm", "cat", "mkdir",
        "ip", "modprobe", "systemctl", "journalctl", "rc-service", "apt-get", "readlink", "sha256sum", "timeout", "resolvconf",
    ];

    private const string LinkName = "var/run/wireguard/wg0.name";

    private readonly string _root = Directory.CreateTempSubdirectory("wghub-mac-").FullName;

    /// <param name="brewOwner">Null: nobody has installed Homebrew.</param>
    public Mac(string? brewOwner = "ada")
    {
        foreach (var name in Programs)
        {
            Link($"bin/{name}");
        }

        Directory.CreateDirectory(PathOf("jobs"));
        if (brewOwner is not null)
        {
            File.WriteAllText(PathOf("brew-owner"), brewOwner + "\n");
            Link("opt/homebrew/bin/brew");
            Link("cellar/wg-quick");
            Link("cellar/bash");
            File.CreateSymbolicLink(PathOf("cellar/wg"), "/usr/bin/wg");
            File.CreateSymbolicLink(PathOf("cellar/wireguard-go"), "/usr/bin/wireguard-go");
        }
    }

    public string Plist => PathOf("Library/LaunchDaemons/wghub.wg0.plist");

    /// <summary>What was done that a Mac would not have taken.</summary>
    public string Complaints => Said("complaints");

    public string PathOf(string name) => Path.Combine(_root, name);

    /// <summary>What a program was called with, a line a call; also any other file. Empty when there is none.</summary>
    public string Said(string name) => File.Exists(PathOf(name)) ? File.ReadAllText(PathOf(name)) : "";

    /// <param name="sudoUser">Who typed sudo; null for a shell of root's.</param>
    public async Task<ShellResult> RunAsync(string shell, string script, string? sudoUser, params string[] options)
    {
        await File.WriteAllTextAsync(PathOf("script"), script, Cancel); // posh knows no -s
        string[] user = sudoUser is null ? [] : [$"SUDO_USER={sudoUser}"];
        return await Shell.RunAsync(
            ["env", "-u", "SUDO_USER", .. user, $"PATH={PathOf("bin")}:/usr/bin:/bin", $"MAC={_root}", $"WGHUB_ROOT={_root}",
                .. shell.Split(' '), PathOf("script"), .. options], Cancel);
    }

    /// <summary>What launchd does every 30 s. A session is over at once here, which takes three minutes there.</summary>
    public Task<ShellResult> HealAsync(string shell) => Shell.RunAsync(
        ["env", $"PATH={PathOf("bin")}:/usr/bin:/bin", $"MAC={_root}", .. shell.Split(' ')],
        Said("etc/wireguard/wghub-wg0.heal").Replace("SESSION_SECONDS=180", "SESSION_SECONDS=0", StringComparison.Ordinal),
        Cancel);

    public Task WriteConfAsync(Func<string, string> change) =>
        File.WriteAllTextAsync(PathOf("etc/wireguard/wg0.conf"), change(Said("etc/wireguard/wg0.conf")), Cancel);

    /// <summary>As when wireguard-go has crashed.</summary>
    public async Task LoseLinkAsync()
    {
        await Shell.RunAsync(["ip", "link", "delete", Said(LinkName).Trim()], CancellationToken.None);
        File.Delete(PathOf(LinkName));
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(PathOf(LinkName)))
        {
            await LoseLinkAsync();
        }

        Directory.Delete(_root, recursive: true);
    }

    private void Link(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.CreateSymbolicLink(PathOf(name), Repository.PathOf("WgHub.Tests/Features/Enrolment/mac-programs.sh"));
    }
}
