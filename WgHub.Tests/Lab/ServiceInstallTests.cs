using System.Text.RegularExpressions;

namespace WgHub.Lab;

/// <summary>The one file makes itself a service, and takes itself away again; on machines with a real systemd, with and without what it needs.</summary>
[Trait("Kind", "Lab")]
public sealed partial class ServiceInstallTests : InstalledHubTest
{
    /// <summary>All that an installation could leave behind.</summary>
    private const string Traces =
        "ls -d /usr/local/bin/wghub* /etc/systemd/system/wghub* /etc/systemd/system/*.wants/wghub* /etc/systemd/networkd.conf.d/10-wghub.conf "
        + "/etc/systemd/network/05-wghub.network /etc/default/wghub /var/lib/wghub /srv/wghub 2>/dev/null; getent passwd wghub; getent group wghub; "
        + "ip -brief link show wg0 2>/dev/null; ! which nft >/dev/null || nft list tables; ip rule | grep wg0; ip -6 rule | grep wg0; true";

    [Fact]
    public async Task A_bare_machine_becomes_a_hub_stays_one_and_is_bare_again()
    {
        var machines = await Task.WhenAll(Lab.BootAsync("hub", SpokeKind.Bare, Cancel), Lab.BootAsync("oslo", SpokeKind.Tools, Cancel));
        var (hub, spoke) = (new InstalledHub(Lab, machines[0]), machines[1]);
        await hub.Machine.CopyInAsync(LabHub.Binary, InstalledHub.File, Cancel);

        var lacking = await hub.Machine.PasteAsync(InstalledHub.Install, Cancel);
        Assert.Equal((1, "wg and nft are not on this machine."), (lacking.ExitCode, Sentence().Match(lacking.Error).Groups[1].Value));
        Assert.Equal("", await hub.DoAsync(Traces));
        await hub.DoAsync($"apt-get -q update; {AptLine().Match(lacking.Error).Value} -qy wireguard-go");

        var first = await hub.DoAsync(InstalledHub.Install);
        Assert.Contains("+ wghub.service started\n", first, StringComparison.Ordinal);
        Assert.Contains("ok    hub ", first, StringComparison.Ordinal); // the doctor's line
        Assert.Equal(
            "enabled\nactive\nenabled\n", await hub.DoAsync("systemctl is-enabled wghub; systemctl is-active wghub; systemctl is-enabled wghub-upgrade"));
        Assert.Equal(
            "755 root\n644 root\n644 root\n755 root\n644 root\n755 root\n644 root\n644 root\n700 wghub\n",
            await hub.DoAsync(
                "cd /etc/systemd; stat -c '%a %U' /usr/local/bin/wghub system/wghub.service system/wghub-upgrade.service networkd.conf.d "
                + "networkd.conf.d/10-wghub.conf network network/05-wghub.network /etc/default/wghub /var/lib/wghub"));

        var process = await hub.PidAsync();
        var second = await hub.DoAsync(InstalledHub.Install);
        Assert.StartsWith("Nothing to change", second, StringComparison.Ordinal);
        await hub.DoAsync("rm /etc/systemd/networkd.conf.d/10-wghub.conf; systemctl disable wghub");
        Assert.StartsWith(
            "+ /etc/systemd/networkd.conf.d/10-wghub.conf\n+ wghub.service enabled\n", await hub.DoAsync(InstalledHub.Install), StringComparison.Ordinal);
        Assert.Equal(process, await hub.PidAsync());

        using var api = await hub.OpenAsync();
        await api.InitializeAsync(hub.Machine.Address, Cancel);
        (await spoke.PasteAsync((await api.CreateTokenAsync("oslo", Cancel)).Line, Cancel)).OrThrow();
        using var ping = spoke.StartPing(LabSite.HubTunnelAddress, "wg0");
        await ping.AnswersAsync(20, Cancel);

        Assert.Contains("Its data stay in /var/lib/wghub", await hub.DoAsync("wghub uninstall"), StringComparison.Ordinal);
        Assert.Equal(
            "/etc/default/wghub\n/var/lib/wghub\n",
            await hub.DoAsync("ls -d /usr/local/bin/wghub* /etc/systemd/system/wghub* /etc/default/wghub /var/lib/wghub 2>/dev/null || true"));
        Assert.StartsWith("Nothing to take away", await hub.DoAsync($"{InstalledHub.File} uninstall"), StringComparison.Ordinal);
        await ping.AnswersAsync(20, Cancel);
        await hub.DoAsync(InstalledHub.Install);
        Assert.Equal("active", (await api.FindSpokeAsync("oslo", Cancel)).Status);
        await ping.AnswersAsync(20, Cancel);
        Assert.Empty(await ping.StopAsync(Cancel));

        await hub.DoAsync("wghub uninstall --purge");
        Assert.Equal("", await hub.DoAsync(Traces));
        await hub.DoAsync($"{InstalledHub.File} uninstall --purge");
        Assert.Equal("", await hub.DoAsync(Traces));
    }

    /// <summary>Somebody else's unit, whatever it is and wherever, stays as it is; so does a folder that is none of ours.</summary>
    [Fact]
    public async Task What_is_refused_changes_nothing_and_another_folder_does_as_well()
    {
        var hub = new InstalledHub(Lab, await Lab.BootAsync("hub", SpokeKind.Tools, Cancel));
        await hub.Machine.CopyInAsync(LabHub.Binary, InstalledHub.File, Cancel);
        await hub.DoAsync("apt-get -q update; apt-get -qy --no-install-recommends install nftables");
        await hub.DoAsync("mkdir /srv/other; echo 1 >/srv/other/file; cp /root/wghub /opt");

        foreach (var (before, command, after, status, sentence) in Refused)
        {
            await hub.DoAsync($"{before}; systemctl daemon-reload");
            var traces = await hub.DoAsync(Traces);
            var refused = await hub.Machine.PasteAsync(command, Cancel);
            Assert.Equal((status, ""), (refused.ExitCode, refused.Output));
            Assert.Matches($@"\Awghub: [^\n]*{sentence}[^\n]*\n\z", refused.Error);
            Assert.Equal(traces, await hub.DoAsync(Traces));
            await hub.DoAsync($"{after}; systemctl daemon-reload");
        }

        await hub.DoAsync($"{InstalledHub.Install} --data /srv/wghub/ --urls 'https://0.0.0.0:443;http://127.0.0.1:8080'");
        Assert.Equal("700 wghub\n", await hub.DoAsync("stat -c '%a %U' /srv/wghub"));
        Assert.Equal(
            "wghub.db\n",
            await hub.DoAsync("ls /srv/wghub | grep -x wghub.db; ls -d /var/lib/wghub 2>/dev/null; curl -fsS http://127.0.0.1:8080/readyz >/dev/null"));
        Assert.StartsWith("Nothing to change", await hub.DoAsync(InstalledHub.Install), StringComparison.Ordinal);
        Assert.Equal(64, (await hub.Machine.PasteAsync($"{InstalledHub.Install} --data /srv/elsewhere", Cancel)).ExitCode);
        await hub.DoAsync("wghub uninstall --purge");
        Assert.Equal("", await hub.DoAsync(Traces));
        Assert.Equal("file\n", await hub.DoAsync("ls /srv/other"));
    }

    [Fact]
    public async Task Without_systemd_it_says_so()
    {
        var machine = await Lab.BootAsync("box", SpokeKind.Tools, ContainerKind.WithoutInit, Cancel);
        await machine.CopyInAsync(LabHub.Binary, InstalledHub.File, Cancel);

        foreach (var command in (string[])["install", "uninstall", $"upgrade {InstalledHub.File}"])
        {
            var refused = await machine.PasteAsync($"{InstalledHub.File} {command}", Cancel);
            Assert.Equal(1, refused.ExitCode);
            Assert.Equal("wghub: Process 1 of this machine is not systemd. Have what starts services here run: wghub serve\n", refused.Error);
        }
    }

    private static IEnumerable<(string Before, string Command, string After, int Status, string Sentence)> Refused
    {
        get
        {
            const string Install = InstalledHub.Install, Unit = "/etc/systemd/system/wghub.service", Foreign = "'[Service]\\nExecStart=/bin/true\\n'";
            string[] all = [Install, $"{InstalledHub.File} uninstall", $"{InstalledHub.File} uninstall --purge"];
            foreach (var command in all)
            {
                yield return ($"printf {Foreign} >{Unit}", command, $"grep -q bin/true {Unit} && rm {Unit}", 1, "was not made by wghub");
                yield return ($"ln -s /dev/null {Unit}", command, $"[ \"$(readlink {Unit})\" = /dev/null ] && rm {Unit}", 1, "was not made by wghub");
                var forAll = command.Replace("/root/", "/opt/", StringComparison.Ordinal);
                yield return (":", $"setpriv --reuid=65534 --clear-groups {forAll}", ":", 1, "Only root may do that: sudo wghub ");
            }

            const string Elsewhere = "/usr/lib/systemd/system/wghub.service";
            yield return ($"printf {Foreign} >{Elsewhere}", Install, $"rm {Elsewhere}", 1, "was not made by wghub");
            yield return ("cp /bin/true /usr/local/bin/wghub", Install, "rm /usr/local/bin/wghub", 1, "is there already and is another file");
            yield return (":", $"{InstalledHub.File} upgrade {InstalledHub.File}", ":", 1, "There is no service wghub");
            yield return (":", $"{InstalledHub.File} upgrade", ":", 64, "No upgrade is under way");
            yield return (":", $"{Install} --urls http://0.0.0.0:80", ":", 64, "plain HTTP serves loopback only");
            yield return (":", $"{Install} --urls ftp://x", ":", 64, "a URL such as");
            foreach (var folder in (string[])["/etc/wghub", "/home/hub/data", "/tmp/wghub", "/srv", "/", "'/srv/a b'", "/srv/%h"])
            {
                yield return (":", $"{Install} --data {folder}", ":", 64, "the service takes a folder of its own");
            }

            yield return (":", $"{Install} --data /srv/other", ":", 64, "holds something else than a hub's data");
            yield return (":", $"{InstalledHub.File} uninstall --purge --data /srv/other", ":", 64, "holds no hub's data, and stays as it is");
        }
    }

    [GeneratedRegex(@"wghub: (.*?\.) Nothing was changed")]
    private static partial Regex Sentence();

    [GeneratedRegex("apt install [a-z -]+[a-z]")]
    private static partial Regex AptLine();
}
