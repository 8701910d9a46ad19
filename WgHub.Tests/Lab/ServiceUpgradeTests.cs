using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>One version after the other on a machine with systemd, with a spoke that is pinged fifty times a second meanwhile.</summary>
[Trait("Kind", "Lab")]
public sealed class ServiceUpgradeTests : InstalledHubTest
{
    private const string Bin = "/usr/local/bin/wghub", Journal = $"{Bin}.upgrade.json", Data = "/var/lib/wghub", Kept = $"{Data}/before-upgrade";
    private const string GoesBack = $"grep -q '\"reason\":\"' {Journal}";

    /// <summary>Says that it is one, and ends.</summary>
    private const string EndsAtOnce = "echo 'It does not want to.'; exit 1";

    /// <summary>The worst: spoils what it finds, and never answers.</summary>
    private const string SpoilsAndHangs =
        $"dd if=/dev/urandom of={Data}/wghub.db bs=4096 count=9 conv=notrunc; rm {Data}/master.key {Data}/wghub.db-wal; sleep 999";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-upgrade-");
    private InstalledHub _hub = null!;
    private Func<ContinuousPing> _startPing = null!;
    private LabApi _api = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var machines = await Task.WhenAll(Lab.BootAsync("hub", SpokeKind.Tools, Cancel), Lab.BootAsync("oslo", SpokeKind.Tools, Cancel));
        var spoke = machines[1];
        (_hub, _startPing) = (new(Lab, machines[0]), () => spoke.StartPing(LabSite.HubTunnelAddress, "wg0", everyMilliseconds: 20));
        await _hub.DoAsync("apt-get -q update; apt-get -qy --no-install-recommends install nftables");
        foreach (var version in (string[])["9.0.1", "9.0.2"])
        {
            await _hub.Machine.CopyInAsync(await InstalledHub.WithVersionAsync(version, _folder), $"/root/{version}", Cancel);
        }

        await BrokenAsync("9.0.3", EndsAtOnce);
        await BrokenAsync("9.0.4", SpoilsAndHangs);
        await _hub.DoAsync("/root/9.0.1 install");
        _api = await _hub.OpenAsync();
        await _api.InitializeAsync(_hub.Machine.Address, Cancel);
        (await spoke.PasteAsync((await _api.CreateTokenAsync("oslo", Cancel)).Line, Cancel)).OrThrow();
    }

    public override async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_good_one_takes_over_a_broken_one_goes_back_and_no_echo_is_lost()
    {
        using var ping = _startPing();
        await ping.AnswersAsync(50, Cancel);

        await RefusedAsync("/root/none", "there is no such file", 64);
        await RefusedAsync("/bin/true", "is no wghub", 64);
        await RefusedAsync("/etc/passwd", "is no wghub for this machine", 64);
        await _hub.DoAsync("fallocate -l $(($(df --output=avail -B1 /root | tail -n 1) - 60000000)) /root/full");
        await RefusedAsync("/root/9.0.2", "MiB left; an upgrade with its way back takes", 1);
        await _hub.DoAsync("rm /root/full");
        Assert.Contains("nothing to do", await _hub.DoAsync("wghub upgrade /root/9.0.1"), StringComparison.Ordinal);

        // The service's user would lead root astray, if root did it.
        await _hub.DoAsync($"for f in {Kept} {Kept}-draft {Data}/after-failed-upgrade; do ln -s /etc $f; chown -h wghub: $f; done; ls /etc >/root/etc");
        var process = await _hub.PidAsync();
        await using (var gap = new PageWatch(await _hub.VisitorAsync()))
        {
            Assert.Contains("wghub 9.0.1 → 9.0.2.", await _hub.DoAsync("wghub upgrade /root/9.0.2"), StringComparison.Ordinal);
            TestContext.Current.TestOutputHelper?.WriteLine($"pages were away for {await gap.StopAsync():0.0} s");
        }

        Assert.NotEqual(process, await _hub.PidAsync());
        await IsWholeAsync("9.0.2");
        await _hub.DoAsync("ls /etc | cmp - /root/etc");
        await ping.AnswersAsync(50, Cancel);

        await _api.CreateTokenAsync("just-before", Cancel); // is in the database that it goes back to
        foreach (var (version, reason) in ((string, string)[])[("9.0.3", "It does not want to."), ("9.0.4", "It was not ready within 60 s")])
        {
            var broken = await _hub.Machine.PasteAsync($"wghub upgrade /root/{version}", Cancel);
            Assert.Equal(1, broken.ExitCode);
            Assert.Contains($"wghub {version} could not take over.", broken.Error, StringComparison.Ordinal);
            Assert.Contains(reason, broken.Error, StringComparison.Ordinal);
            Assert.Contains("Back on wghub 9.0.2 with its database.", broken.Error, StringComparison.Ordinal);
            await IsWholeAsync("9.0.2");
            Assert.Equal("pending", await TokenStateAsync("just-before"));
            await ping.AnswersAsync(50, Cancel);
        }

        Assert.Equal($"{Data}/after-failed-upgrade\n", await _hub.DoAsync($"ls -d {Data}/*upgrade* {Data}/before-* 2>/dev/null || true"));
        Assert.Empty(await ping.StopAsync(Cancel));
        TestContext.Current.TestOutputHelper?.WriteLine($"{ping.AnsweredNumbers.Count} echoes, every 20 ms: none was lost");
    }

    /// <summary>SIGKILL, of the command and of the unit that carries the upgrade out, as soon as something is to be seen of each step.</summary>
    [Fact]
    public async Task Whoever_is_killed_at_whatever_step_old_or_new_runs_whole()
    {
        using var ping = _startPing();
        await ping.AnswersAsync(50, Cancel);
        var now = "9.0.1";
        foreach (var (step, isBroken) in ((string, bool)[])[
            ($"[ -e {Bin}.draft ]", false), ($"[ -e {Bin}.previous ]", false), ($"[ -e {Bin}.next ]", false), ($"[ -e {Journal} ]", false),
            ("! systemctl -q is-active wghub", false), ($"[ -e {Kept}-draft ]", false), ($"[ -e {Kept} ]", false), ($"[ -e {Kept} -a ! -e {Bin}.next ]", false),
            ($"[ -e {Kept} -a ! -e {Bin}.next ] && sleep 2", false), (GoesBack, true), ($"{GoesBack} && [ ! -e {Kept} ]", true),
            ($"{GoesBack} && [ -e {Data}/after-failed-upgrade ]", true), ($"{GoesBack} && [ ! -e {Kept} ] && systemctl -q is-active wghub", true)])
        {
            var next = isBroken ? "9.0.3" : now == "9.0.1" ? "9.0.2" : "9.0.1";
            await KillAsync(next, step);
            var found = (await _hub.DoAsync("wghub version")).Split(' ')[1];
            Assert.Contains(found, isBroken ? [now] : new[] { now, next });
            await IsWholeAsync(found);
            TestContext.Current.TestOutputHelper?.WriteLine($"{now} → {next}, killed at {step}: {found}");
            now = found;
            await ping.AnswersAsync(20, Cancel);
        }

        Assert.Empty(await ping.StopAsync(Cancel));
        TestContext.Current.TestOutputHelper?.WriteLine($"{ping.AnsweredNumbers.Count} echoes, every 20 ms: none was lost");
    }

    /// <summary>At any moment, not only those that can be seen: from its begin to its end.</summary>
    [Fact]
    public async Task Killed_at_any_moment_and_switched_off_in_the_midst_it_comes_to_an_end()
    {
        var now = "9.0.1";
        foreach (var halfSeconds in (int[])[1, 3, 6, 10, 15])
        {
            var next = now == "9.0.1" ? "9.0.2" : "9.0.1";
            await KillAsync(next, $"sleep {halfSeconds * 0.5:0.0}");
            var found = (await _hub.DoAsync("wghub version")).Split(' ')[1];
            Assert.Contains(found, new[] { now, next });
            await IsWholeAsync(found);
            TestContext.Current.TestOutputHelper?.WriteLine($"{now} → {next}, killed after {halfSeconds * 0.5:0.0} s: {found}");
            now = found;
        }

        foreach (var step in (string[])[$"[ -e {Kept} ]", GoesBack])
        {
            await _hub.DoAsync($"setsid wghub upgrade /root/9.0.3 >/root/log 2>&1 </dev/null & until {step}; do sleep 0.02; done");
            await _hub.Machine.PowerOffAsync(Cancel);
            await _hub.Machine.PowerOnAsync(Cancel);
            await IsOverAsync();
            await IsWholeAsync(now);
        }
    }

    /// <summary>The command in the background; both are killed as soon as the step shows, and what is left to itself comes to an end.</summary>
    private async Task KillAsync(string version, string step)
    {
        await _hub.DoAsync($"rm -rf {Data}/after-failed-upgrade");
        await _hub.DoAsync(
            $"setsid sh -c 'echo $$ >/root/pid; exec wghub upgrade /root/{version}' >/root/log 2>&1 </dev/null & "
            + $"for i in $(seq 6000); do if {step}; then kill -9 $(cat /root/pid); systemctl kill -s KILL wghub-upgrade; exit 0; fi; sleep 0.01; done; "
            + "cat /root/log; exit 1");
        await IsOverAsync();
    }

    private async Task IsOverAsync()
    {
        Assert.True(
            await Eventually.TrueAsync(
                async () => (await _hub.Machine.RunAsync(["sh", "-c", $"[ ! -e {Journal} ] && ! systemctl -q is-active wghub-upgrade"], Cancel)).ExitCode == 0,
                Limit, Cancel),
            await LogAsync());
        await _hub.IsReadyAsync();
    }

    /// <summary>What runs is what is there, no upgrade is under way, and the database knows its spoke.</summary>
    private async Task IsWholeAsync(string version)
    {
        await _hub.IsReadyAsync();
        Assert.Equal($"{version}\n{Bin}\nactive\n", await _hub.DoAsync(
            $"{Bin} version | cut -d ' ' -f 2; readlink /proc/$(systemctl show -P MainPID wghub)/exe; systemctl is-active wghub; [ ! -e {Journal} ]"));
        Assert.Equal("oslo", (await _api.FindSpokeAsync("oslo", Cancel)).Name);
        await _hub.DoAsync("wghub audit verify");
    }

    private async Task RefusedAsync(string file, string sentence, int status)
    {
        var refused = await _hub.Machine.PasteAsync($"wghub upgrade {file}", Cancel);
        Assert.Equal(status, refused.ExitCode);
        Assert.Contains(sentence, refused.Error, StringComparison.Ordinal);
        Assert.Equal($"{Bin}\n", await _hub.DoAsync($"ls {Bin}*"));
    }

    private async Task<string?> TokenStateAsync(string name) =>
        (await _api.GetAsync("/api/installation/tokens", Cancel)).GetProperty("tokens").EnumerateArray()
            .Single(token => token.GetProperty("spokeName").GetString() == name).GetProperty("state").GetString();

    private async Task<string> LogAsync() => (await _hub.Machine.RunAsync(["journalctl", "-q", "-u", "wghub", "-u", "wghub-upgrade"], Cancel)).Output;

    private async Task BrokenAsync(string version, string serves)
    {
        var tells = $"[ \"$1\" != version ] || {{ echo 'wghub {version} (broken) .NET linux-x64'; exit 0; }}";
        await _hub.Machine.WriteFileAsync($"/root/{version}", $"#!/bin/sh\n{tells}\n{serves}\n", Cancel);
        await _hub.DoAsync($"chmod 755 /root/{version}");
    }
}
