using System.Security.Cryptography;
using WgHub.Lab;
using WgHub.TestKit;

namespace WgHub.Features.Enrolment;

/// <summary>
/// A folder that the install script takes for a Windows machine, under the real PowerShell 7: <c>windows-programs.sh</c> and
/// <c>windows-cmdlets.ps1</c> stand in for what only Windows has. Tunnels, the hub and what is downloaded are real.
/// </summary>
internal sealed class Windows : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("wghub-windows-").FullName;
    private readonly NetNamespace? _network;
    private readonly string _link = $"wgw{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    /// <param name="programs">What it has in its path besides curl.</param>
    public Windows(params string[] programs)
        : this(null, programs)
    {
    }

    /// <param name="network">One of its own, so that its tunnel leads somewhere; null for that of the tests.</param>
    public Windows(NetNamespace? network, params string[] programs)
    {
        _network = network;
        if (network is not null)
        {
            File.WriteAllText(PathOf("alone"), "");
        }

        File.WriteAllText(PathOf("link"), _link);
        foreach (var folder in new[] { "ProgramData", "ProgramFiles", "bin" })
        {
            Directory.CreateDirectory(PathOf(folder));
        }

        File.CreateSymbolicLink(PathOf("bin/curl.exe"), "/usr/bin/curl");
        foreach (var program in programs)
        {
            File.CreateSymbolicLink(PathOf($"bin/{program}"), Repository.PathOf("WgHub.Tests/Features/Enrolment/windows-programs.sh"));
        }
    }

    public string PathOf(string name) => Path.Combine(_root, name);

    /// <summary>A file of the machine; empty when there is none.</summary>
    public string Said(string name) => File.Exists(PathOf(name)) ? File.ReadAllText(PathOf(name)) : "";

    /// <summary>A file of the tunnel wg0, such as <c>conf</c>.</summary>
    public string Tunnel(string kind) => Said($"ProgramData/WgHub/wg0.{kind}");

    /// <summary>Switched off and on again: the service starts the tunnel from its file.</summary>
    public Task<ShellResult> RebootAsync() => PasteAsync("Restart-Service 'WireGuardTunnel$wg0'");

    public Task<ShellResult> PasteAsync(string line, params string[] environment) => PowerShell.RunAsync(
        _network is null ? [] : _network.Enter(),
        $". '{Repository.PathOf("WgHub.Tests/Features/Enrolment/windows-cmdlets.ps1")}'\n{line}",
        [$"WIN={_root}", $"ProgramData={PathOf("ProgramData")}", $"ProgramFiles={PathOf("ProgramFiles")}", "SystemRoot=C:\\Windows",
            $"PATH={PathOf("bin")}:/usr/sbin:/usr/bin:/sbin:/bin", .. environment]);

    /// <summary>What the scheduled task runs, as if the last handshake was always too long ago.</summary>
    public Task<ShellResult> RepairAsync()
    {
        var script = Said("ProgramData/WgHub/repair.ps1").Replace("-lt 180", "-lt -1", StringComparison.Ordinal);
        return PasteAsync($"& {{\n{script}\n}} -Name wg0 -Folder '{PathOf("ProgramData/WgHub")}'");
    }

    public async ValueTask DisposeAsync()
    {
        await Shell.RunAsync(["ip", "link", "delete", _link], CancellationToken.None);
        Directory.Delete(_root, recursive: true);
    }
}
