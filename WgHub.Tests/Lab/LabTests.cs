using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>The lab itself, so that a scenario that fails on it tells of the product. It runs alone: it looks at all of this machine.</summary>
[Trait("Kind", "Lab")]
[Collection(nameof(LabTests))]
[CollectionDefinition(nameof(LabTests), DisableParallelization = true)]
public sealed class LabTests
{
    [Fact]
    public async Task Three_machines_boot_at_once_and_reach_the_hub()
    {
        await using var lab = await LabNet.CreateAsync(Cancel);

        var spokes = await Task.WhenAll(
            lab.BootAsync("oslo", SpokeKind.Bare, Cancel),
            lab.BootAsync("turin", SpokeKind.Tools, Cancel),
            lab.BootAsync("lyon", SpokeKind.Bare, Cancel));

        Assert.All(
            await Task.WhenAll(spokes.Select(spoke => spoke.PingsAsync(LabNet.ServerAddress, "eth0", Cancel))),
            Assert.True);
        Assert.Equal("lyon\n", (await spokes[2].RunAsync(["hostname"], Cancel)).OrThrow());
    }

    /// <summary>Also when a machine has far fewer of its own accord: Debian's kernel gives 128.</summary>
    [Fact]
    public async Task The_limits_that_many_machines_need_are_raised()
    {
        await using var lab = await LabNet.CreateAsync(Cancel);

        Assert.InRange(LabLimits.Read(), 512, int.MaxValue);
    }

    [Fact]
    public async Task A_bare_machine_installs_WireGuard_from_its_own_disk()
    {
        await using var lab = await LabNet.CreateAsync(Cancel);
        var spoke = await lab.BootAsync("oslo", SpokeKind.Bare, Cancel);
        Assert.NotEqual(0, (await spoke.PasteAsync("command -v wg", Cancel)).ExitCode);

        (await spoke.PasteAsync("sudo apt-get -q update && sudo apt-get -q -y --no-install-recommends install wireguard-tools", Cancel)).OrThrow();

        Assert.Equal("/usr/bin/wg\n", (await spoke.PasteAsync("command -v wg", Cancel)).OrThrow());
    }

    [Fact]
    public async Task A_tunnel_made_by_hand_comes_back_after_a_power_cycle()
    {
        await using var lab = await LabNet.CreateAsync(Cancel);
        var spoke = await lab.BootAsync("oslo", SpokeKind.Tools, Cancel);
        await ConnectByHandAsync(lab, spoke);
        Assert.True(await spoke.PingsAsync("10.99.0.1", "wg0", Cancel));

        await spoke.PowerOffAsync(Cancel);
        await spoke.PowerOnAsync(Cancel);

        Assert.Equal("active\n", (await spoke.RunAsync(["systemctl", "is-active", "wg-quick@wg0"], Cancel)).OrThrow());
        Assert.True(await spoke.PingsAsync("10.99.0.1", "wg0", Cancel));
    }

    [Fact]
    public async Task A_cable_unplugged_for_a_moment_shows_in_a_continuous_ping()
    {
        await using var lab = await LabNet.CreateAsync(Cancel);
        var spoke = await lab.BootAsync("oslo", SpokeKind.Bare, Cancel);
        using var ping = spoke.StartPing(LabNet.ServerAddress, "eth0");
        await ping.AnswersAsync(5, Cancel);

        await lab.HubNetwork.IpAsync("link set lab0 down", Cancel);
        Assert.NotEqual(0, (await spoke.RunAsync(["ping", "-c", "1", "-W", "0.2", LabNet.ServerAddress], Cancel)).ExitCode);
        await lab.HubNetwork.IpAsync("link set lab0 up", Cancel);

        await ping.AnswersAsync(5, Cancel);
        Assert.NotEmpty(await ping.StopAsync(Cancel));
    }

    [Fact]
    public async Task A_lab_leaves_nothing_behind()
    {
        var lab = await LabNet.CreateAsync(Cancel);
        await using (lab)
        {
            await ConnectByHandAsync(lab, await lab.BootAsync("oslo", SpokeKind.Tools, Cancel));
            Assert.Contains(lab.Prefix, string.Join('\n', Traces()), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Traces(), trace =>
            trace.Contains(lab.Prefix, StringComparison.Ordinal) || trace.Contains(lab.Home.FullName, StringComparison.Ordinal));
    }

    private static async Task ConnectByHandAsync(LabNet lab, LabSpoke spoke)
    {
        var spokeKey = (await spoke.RunAsync(["wg", "genkey"], Cancel)).OrThrow().Trim();
        var spokePublicKey = await PublicKeyAsync(spokeKey);
        var hubKey = (await lab.RunAsync(["wg", "genkey"], Cancel)).OrThrow();

        await RunInHubAsync("wireguard-go wg0");
        (await Shell.RunAsync(lab.EnterHub("wg", "set", "wg0", "listen-port", "51820", "private-key", "/dev/stdin"), hubKey, Cancel)).OrThrow();
        await RunInHubAsync($"wg set wg0 peer {spokePublicKey} allowed-ips 10.99.0.2/32");
        await RunInHubAsync("ip address add 10.99.0.1/24 dev wg0");
        await RunInHubAsync("ip link set wg0 up");

        await spoke.WriteFileAsync(
            "/etc/wireguard/wg0.conf",
            $"""
            [Interface]
            PrivateKey = {spokeKey}
            Address = 10.99.0.2/32
            [Peer]
            PublicKey = {await PublicKeyAsync(hubKey)}
            AllowedIPs = 10.99.0.0/24
            Endpoint = {LabNet.ServerAddress}:51820

            """,
            Cancel);
        (await spoke.RunAsync(["systemctl", "enable", "--now", "wg-quick@wg0"], Cancel)).OrThrow();

        async Task RunInHubAsync(string command) => (await lab.RunAsync(command.Split(' '), Cancel)).OrThrow();
    }

    private static async Task<string> PublicKeyAsync(string privateKey) =>
        (await Shell.RunAsync(["wg", "pubkey"], privateKey, Cancel)).OrThrow().Trim();

    /// <summary>Every mount, network namespace, control group and process of this machine, by its name.</summary>
    private static string[] Traces() =>
    [
        .. File.ReadAllLines("/proc/self/mounts"),
        .. Directory.GetFiles("/run/netns"),
        .. Directory.GetDirectories("/sys/fs/cgroup", "wgl*", SearchOption.AllDirectories),
        .. Directory.GetDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Select(Describe),
    ];

    /// <summary>What a process was started with and what it has mounted: a daemon's command line does not tell whose it is.</summary>
    private static string Describe(string processFolder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(processFolder, "cmdline")).Replace('\0', ' ')
                + File.ReadAllText(Path.Combine(processFolder, "mountinfo"));
        }
        catch (IOException)
        {
            return "";  // It has just ended.
        }
    }
}
