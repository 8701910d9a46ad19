using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>The Debian package, put on a machine with systemd by its own apt.</summary>
[Trait("Kind", "Lab")]
public sealed partial class PackageTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-package-");
    private LabNet _lab = null!;
    private string _package = "";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(File.Exists(Path.ChangeExtension(LabHub.Binary, "dll")), "A package holds the one file that publish.sh makes.");
        var made = await Shell.RunAsync([Repository.PathOf("build/deb/make.sh"), LabHub.Binary, _folder.FullName, "1.0.0"], Cancel);
        _package = made.OrThrow().Trim();
        _lab = await LabNet.CreateAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Debians_judge_finds_nothing_and_the_manual_names_every_command()
    {
        var verdict = await Shell.RunAsync(["lintian", "--fail-on", "error,warning", "--allow-root", _package], Cancel);
        Assert.True(verdict.ExitCode == 0, verdict.Output + verdict.Error);

        var help = (await Shell.RunAsync([LabHub.Binary, "--help"], Cancel)).OrThrow().Split("Commands:")[1];
        var manual = await File.ReadAllTextAsync(Repository.PathOf("build/deb/wghub.1"), Cancel);
        Assert.Equal(
            Command().Matches(help).Select(match => match.Groups[1].Value).Order(),
            Entry().Matches(manual).Select(match => match.Groups[1].Value.Replace(@"\-", "-", StringComparison.Ordinal)).Order());
    }

    /// <summary>And the worst day of all: a bare machine, the package, a backup; the spokes are not touched.</summary>
    [Fact]
    public async Task It_installs_upgrades_is_removed_purged_and_brought_back_from_a_backup()
    {
        var machines = await Task.WhenAll(_lab.BootAsync("hub", SpokeKind.Bare, Cancel), _lab.BootAsync("oslo", SpokeKind.Tools, Cancel));
        var (hub, spoke) = (machines[0], machines[1]);
        await hub.CopyInAsync(_package, "/root/1.deb", Cancel);
        await hub.CopyInAsync(await NextAsync(), "/root/2.deb", Cancel);

        await InstallAsync(hub, "1.deb wireguard-go");
        await IsAptsAsync(hub);
        var (api, certificate) = await OpenAsync(hub);
        using var first = api;
        await first.InitializeAsync(hub.Address, Cancel);
        (await spoke.PasteAsync((await first.CreateTokenAsync("oslo", Cancel)).Line, Cancel)).OrThrow();
        using var ping = spoke.StartPing(LabSite.HubTunnelAddress, "wg0");
        await ping.AnswersAsync(20, Cancel);
        var process = await PidAsync(hub);

        await InstallAsync(hub, "2.deb");
        await IsReadyAsync(hub, certificate);
        Assert.NotEqual(process, await PidAsync(hub));
        await ping.AnswersAsync(20, Cancel);

        (await hub.PasteAsync("apt-get -qy remove wghub", Cancel)).OrThrow();
        await ping.AnswersAsync(20, Cancel);
        await InstallAsync(hub, "2.deb");
        await IsReadyAsync(hub, certificate);
        await ping.AnswersAsync(20, Cancel);
        Assert.Empty(await ping.StopAsync(Cancel));

        (await hub.PasteAsync(
            "umask 077; wghub backup keygen >/root/key && wghub backup /root/hub.age --recipient \"$(sed -n 's/^# public key: //p' /root/key)\"", Cancel))
            .OrThrow();
        (await hub.PasteAsync("apt-get -qy purge wghub", Cancel)).OrThrow();
        Assert.Equal(
            "",
            (await hub.PasteAsync("ls -d /var/lib/wghub /etc/default/wghub; ip -brief link show wg0; nft list tables; ip rule | grep wg0", Cancel)).Output);

        var start = TimeProvider.System.GetTimestamp();
        await InstallAsync(hub, "2.deb");
        (await hub.PasteAsync("systemctl stop wghub && wghub restore --yes /root/hub.age --identity /root/key && systemctl start wghub", Cancel)).OrThrow();
        Assert.True(
            await Eventually.TrueAsync(() => spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel), TimeSpan.FromMinutes(5), Cancel),
            (await hub.RunAsync(["journalctl", "-q", "-u", "wghub"], Cancel)).Output);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"from a machine without the package to the spoke's first answer: {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0} s");
    }

    private static async Task InstallAsync(LabSpoke hub, string packages) =>
        (await hub.PasteAsync($"cd /root && apt-get -q update && apt-get -qy --no-install-recommends install ./{packages}", Cancel)).OrThrow();

    /// <summary>What the file can do by itself is left to the package's tools where they have put it, also to another copy of it.</summary>
    private static async Task IsAptsAsync(LabSpoke hub)
    {
        (await hub.RunAsync(["cp", "/usr/bin/wghub", "/root/copy"], Cancel)).OrThrow();
        foreach (var (command, instead) in ((string, string)[])[("install", "it is installed"), ("upgrade /root/copy", "apt install ./wghub_NEWER.deb"),
            ("uninstall", "apt remove wghub"), ("uninstall --purge", "apt purge wghub")])
        {
            foreach (var file in (string[])["/usr/bin/wghub", "/root/copy"])
            {
                var refused = await hub.PasteAsync($"{file} {command}", Cancel);
                Assert.Equal((3, ""), (refused.ExitCode, refused.Output));
                Assert.Matches($@"\Awghub: /usr/bin/wghub belongs to the package wghub: [^\n]*{instead}[^\n]*\n\z", refused.Error);
            }
        }
    }

    private async Task<(LabApi Api, string Certificate)> OpenAsync(LabSpoke hub)
    {
        // Not before it serves: its certificate may be made anew at a start, with the same key.
        Assert.True(
            await Eventually.TrueAsync(
                async () => (await hub.RunAsync(["curl", "-fsSk", "https://127.0.0.1/readyz"], Cancel)).ExitCode == 0, Limit, Cancel),
            (await hub.RunAsync(["journalctl", "-q", "-u", "wghub"], Cancel)).Output);
        var shown = (await hub.RunAsync(["wghub", "fingerprint"], Cancel)).OrThrow();
        var certificate = Fingerprint().Match(shown).Value.Replace(":", "", StringComparison.Ordinal);
        await IsReadyAsync(hub, certificate);
        var token = (await hub.RunAsync(["wghub", "api-token", "create", "--name", "lab", "--role", "admin"], Cancel)).OrThrow().Trim();
        return (new(_lab.CreateClient(new($"https://{hub.Address}"), token, certificate)), certificate);
    }

    private async Task IsReadyAsync(LabSpoke hub, string certificate)
    {
        using var visitor = _lab.CreateClient(new($"https://{hub.Address}"), null, certificate);
        Assert.True(
            await Eventually.TrueAsync(() => LabHub.IsReadyAsync(visitor, Cancel), Limit, Cancel),
            (await hub.RunAsync(["journalctl", "-q", "-u", "wghub"], Cancel)).Output);
    }

    private static async Task<string> PidAsync(LabSpoke hub) =>
        (await hub.RunAsync(["systemctl", "show", "--property=MainPID", "--value", "wghub"], Cancel)).OrThrow().Trim();

    /// <summary>The same with a higher version.</summary>
    private async Task<string> NextAsync()
    {
        var (tree, next) = (Path.Combine(_folder.FullName, "tree"), Path.Combine(_folder.FullName, "2.deb"));
        (await Shell.RunAsync(["dpkg-deb", "-R", _package, tree], Cancel)).OrThrow();
        (await Shell.RunAsync(["sed", "-i", "s/^Version: .*/Version: 1.0.1/", Path.Combine(tree, "DEBIAN/control")], Cancel)).OrThrow();
        (await Shell.RunAsync(["dpkg-deb", "--root-owner-group", "-Znone", "-b", tree, next], Cancel)).OrThrow();
        return next;
    }

    [GeneratedRegex(@"^  ([a-z-]+) ", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"^\.T[PQ]\n\.B ([a-z\\-]+)$", RegexOptions.Multiline)]
    private static partial Regex Entry();

    [GeneratedRegex("[0-9A-F]{2}(:[0-9A-F]{2}){31}|[0-9A-F]{64}")]
    private static partial Regex Fingerprint();
}
