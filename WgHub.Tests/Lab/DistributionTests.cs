namespace WgHub.Lab;

/// <summary>The line on machines that are not Debian 12 with systemd, as far as Debian has their programs.</summary>
[Trait("Kind", "Lab")]
public sealed class DistributionTests(LabSite site) : IClassFixture<LabSite>
{
    /// <summary>What Alpine ships with its wireguard-tools-openrc, in a few lines of our own.</summary>
    private const string OpenRcService = """
        #!/sbin/openrc-run
        description="WireGuard by wg-quick"
        start() {
            ebegin "Starting ${SVCNAME#*.}"
            wg-quick up "${SVCNAME#*.}" >/dev/null 2>&1
            eend $?
        }
        stop() {
            ebegin "Stopping ${SVCNAME#*.}"
            wg-quick down "${SVCNAME#*.}" >/dev/null 2>&1
            eend $?
        }

        """;

    [Theory]
    [InlineData("fedora", "ID=fedora\nVERSION_ID=42", "", "dnf", "rpm -q wireguard-tools wireguard-go iproute")]
    [InlineData(
        "rocky", "ID=rocky\nID_LIKE='rhel centos fedora'\nVERSION_ID=9.4", "sed -i 's|/srv/rpm|/srv/rpm-base|' /etc/yum.repos.d/lab.repo",
        "dnf", "rpm -q wireguard-tools epel-release")]
    [InlineData("leap", "ID=opensuse-leap\nID_LIKE='suse opensuse'\nVERSION_ID=15.6", "", "zypper",
        "zypper --non-interactive search --installed-only --match-exact wireguard-tools && zypper --non-interactive search --installed-only --match-exact wireguard-go")]
    [InlineData("arch", "ID=arch", "", "pacman", "pacman -Q wireguard-tools wireguard-go iproute2")]
    public async Task Its_own_package_manager_brings_WireGuard(string name, string osRelease, string before, string manager, string installed)
    {
        var spoke = await site.Net.BootAsync(name, SpokeKind.Foreign, Cancel);
        (await spoke.PasteAsync($"{before}\nrm -f /etc/os-release && echo \"{osRelease}\" >/etc/os-release", Cancel)).OrThrow();
        Assert.NotEqual(0, (await spoke.PasteAsync("command -v wg", Cancel)).ExitCode);

        var said = (await spoke.PasteAsync((await site.Api.CreateTokenAsync(name, Cancel)).Line, Cancel)).OrThrow();

        Assert.Contains($"installing wireguard-tools ({manager})", said, StringComparison.Ordinal);
        (await spoke.PasteAsync(installed, Cancel)).OrThrow();
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
    }

    /// <summary>zypper says 106 then, and has installed everything.</summary>
    [Fact]
    public async Task A_repository_of_somebody_else_that_is_dead_does_not_matter()
    {
        var spoke = await site.Net.BootAsync("sles", SpokeKind.Foreign, Cancel);
        (await spoke.PasteAsync(
            "rm /etc/os-release; echo ID=sles >/etc/os-release; sed 's/lab/dead/; s|file:.*|http://10.77.0.1:9/|' /etc/zypp/repos.d/lab.repo >/etc/zypp/repos.d/dead.repo", Cancel))
            .OrThrow();

        (await spoke.PasteAsync((await site.Api.CreateTokenAsync("sles", Cancel)).Line, Cancel)).OrThrow();

        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
    }

    [Fact]
    public async Task A_kernel_older_than_WireGuard_is_given_its_module()
    {
        var spoke = await site.Net.BootAsync("alma", SpokeKind.Foreign, Cancel);
        (await spoke.PasteAsync("rm /etc/os-release; printf 'ID=almalinux\\nID_LIKE=\"rhel centos fedora\"\\n' >/etc/os-release", Cancel)).OrThrow();
        (await spoke.PasteAsync(
            "printf '#!/bin/sh\\n[ \"$1\" = -r ] && echo 4.18.0-553.el8_10.x86_64 || exec /usr/bin/uname \"$@\"\\n' >/usr/local/sbin/uname; chmod +x /usr/local/sbin/uname", Cancel))
            .OrThrow();

        // Here the module is an empty package, so that wireguard-go has to do it in the end.
        (await spoke.PasteAsync((await site.Api.CreateTokenAsync("alma", Cancel)).Line, Cancel)).OrThrow();

        (await spoke.PasteAsync("rpm -q elrepo-release kmod-wireguard", Cancel)).OrThrow();
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
    }

    [Theory]
    [InlineData("gentoo", "emerge net-vpn/wireguard-tools")]
    [InlineData("nixos", "environment.systemPackages")]
    public async Task Where_the_owner_decides_what_is_installed_nothing_is_touched(string name, string way)
    {
        var spoke = await site.Net.BootAsync(name, SpokeKind.Foreign, Cancel);
        (await spoke.PasteAsync($"rm /etc/os-release; echo ID={name} >/etc/os-release", Cancel)).OrThrow();

        var result = await spoke.PasteAsync((await site.Api.CreateTokenAsync(name, Cancel)).Line, Cancel);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(way, result.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, (await spoke.PasteAsync("command -v wg", Cancel)).ExitCode);
    }

    [Fact]
    public async Task OpenRC_runs_the_tunnel_and_cron_mends_it()
    {
        var spoke = await site.Net.BootAsync("openrc", SpokeKind.Foreign, ContainerKind.WithoutInit, Cancel);
        (await spoke.PasteAsync(
            "mkdir -p /run/openrc && touch /run/openrc/softlevel && { openrc sysinit; openrc boot; openrc default; } >/dev/null 2>&1; rc-status --runlevel", Cancel))
            .OrThrow();
        await spoke.WriteFileAsync("/etc/init.d/wg-quick", OpenRcService, Cancel);
        (await spoke.PasteAsync("chmod 755 /etc/init.d/wg-quick", Cancel)).OrThrow();
        var token = await site.Api.CreateTokenAsync("openrc", Cancel);

        (await spoke.PasteAsync(token.Line, Cancel)).OrThrow();
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        Assert.Contains(
            "started",
            (await spoke.PasteAsync("rc-service wg-quick.wg0 status; rc-update show default | grep wg-quick.wg0", Cancel)).OrThrow(), StringComparison.Ordinal);

        const string AsCronDoes = "env -i PATH=/usr/bin:/bin HOME=/root sh -c \"$(sed -n 's/^\\* \\* \\* \\* \\* root //p' /etc/cron.d/wghub-heal-wg0)\"";
        (await spoke.PasteAsync($"ip link delete wg0; {AsCronDoes}", Cancel)).OrThrow();
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        (await spoke.PasteAsync($"rc-service wg-quick.wg0 stop; {AsCronDoes}", Cancel)).OrThrow();
        Assert.NotEqual(0, (await spoke.RunAsync(["ip", "link", "show", "wg0"], Cancel)).ExitCode);

        (await spoke.PasteAsync(token.LineWith("--uninstall --purge"), Cancel)).OrThrow();
        Assert.Equal(
            "",
            (await spoke.PasteAsync(
                "find /etc /run -name '*wghub*' ! -path /run/wghub.lock -o -name 'wg-quick.wg0'; rc-update show default | grep wg-quick || true", Cancel))
                .OrThrow());
    }

    [Fact]
    public async Task A_container_without_init_is_connected_and_told_what_it_lacks()
    {
        var spoke = await site.Net.BootAsync("plain", SpokeKind.Tools, ContainerKind.WithoutInit, Cancel);
        var token = await site.Api.CreateTokenAsync("plain", Cancel);

        var result = await spoke.PasteAsync(token.Line, Cancel);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("the tunnel will not mend itself", result.Error, StringComparison.Ordinal);
        Assert.Contains("after a reboot, start the tunnel", result.Error, StringComparison.Ordinal);
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        (await spoke.PasteAsync(token.UninstallLine, Cancel)).OrThrow();
        Assert.NotEqual(0, (await spoke.RunAsync(["ip", "link", "show", "wg0"], Cancel)).ExitCode);
    }

    [Fact]
    public async Task In_an_unprivileged_container_it_works_as_on_a_machine()
    {
        var spoke = await site.Net.BootAsync("lxc", SpokeKind.Tools, ContainerKind.Unprivileged, Cancel);
        Assert.Contains("131072", await spoke.ReadFileAsync("/proc/self/uid_map", Cancel), StringComparison.Ordinal);

        (await spoke.PasteAsync((await site.Api.CreateTokenAsync("lxc", Cancel)).Line, Cancel)).OrThrow();

        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        (await spoke.RunAsync(["systemctl", "start", "wghub-heal-wg0.service"], Cancel)).OrThrow();
        Assert.Equal(
            "active\nactive\n", (await spoke.PasteAsync("systemctl is-active wg-quick@wg0; systemctl is-active wghub-heal-wg0.timer", Cancel)).OrThrow());
    }

    [Fact]
    public async Task Debian_13_boots_installs_and_connects()
    {
        var spoke = await site.Net.BootAsync("trixie", SpokeKind.Trixie, Cancel);

        (await spoke.PasteAsync((await site.Api.CreateTokenAsync("trixie", Cancel)).Line, Cancel)).OrThrow();

        Assert.Contains("VERSION_ID=\"13\"", await spoke.ReadFileAsync("/etc/os-release", Cancel), StringComparison.Ordinal);
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        Assert.Equal("active\n", (await spoke.RunAsync(["systemctl", "is-active", "wghub-heal-wg0.timer"], Cancel)).Output);
    }
}
