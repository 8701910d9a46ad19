using WgHub.Features.Scripts;
using WgHub.TestKit;

namespace WgHub.Features.Enrolment;

/// <summary>How the install script tells whose packages fit: os-release(5) as these distributions ship it.</summary>
public sealed class DistributionTests
{
    public static TheoryData<string, string, string> Distributions => new()
    {
        { "Debian 12", "ID=debian\nVERSION_ID=\"12\"", "debian apt-get" },
        { "Ubuntu 24.04", "ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"24.04\"", "debian apt-get" },
        { "Raspberry Pi OS 11", "ID=raspbian\nID_LIKE=debian\nVERSION_ID=\"11\"", "debian apt-get" },
        { "Linux Mint 22", "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\nVERSION_ID=\"22\"", "debian apt-get" },
        { "Fedora 42", "ID=fedora\nVERSION_ID=42", "fedora dnf yum" },
        { "RHEL 9", "ID=\"rhel\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"9.4\"", "rhel dnf yum" },
        { "Rocky Linux 9", "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"9.4\"", "rhel dnf yum" },
        { "AlmaLinux 8", "ID=\"almalinux\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"8.10\"", "rhel dnf yum" },
        { "CentOS 7", "ID=\"centos\"\nID_LIKE=\"rhel fedora\"\nVERSION_ID=\"7\"", "rhel dnf yum" },
        { "Amazon Linux 2023", "ID=\"amzn\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"2023\"", "rhel dnf yum" },
        { "openSUSE Leap", "ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\nVERSION_ID=\"15.6\"", "suse zypper" },
        { "openSUSE Tumbleweed", "ID=\"opensuse-tumbleweed\"\nID_LIKE=\"opensuse suse\"", "suse zypper" },
        { "SLES 15", "ID=\"sles\"\nID_LIKE=\"suse\"\nVERSION_ID=\"15.6\"", "suse zypper" },
        { "Arch", "ID=arch\nBUILD_ID=rolling", "arch pacman" },
        { "Manjaro", "ID=manjaro\nID_LIKE=arch\nBUILD_ID=rolling", "arch pacman" },
        { "Alpine 3.20", "ID=alpine\nVERSION_ID=3.20.0", "alpine apk" },
        { "Gentoo", "ID=gentoo", "gentoo " },
        { "Void", "ID=\"void\"", "void " },
        { "NixOS", "ID=nixos\nVERSION_ID=\"24.05\"", "nixos " },
        { "Photon 5", "ID=photon\nVERSION_ID=5.0", "tdnf tdnf dnf" },
        { "Azure Linux 3", "ID=azurelinux\nVERSION_ID=\"3.0\"", "tdnf tdnf dnf" },
        { "OpenWrt 23.05", "ID=\"openwrt\"\nID_LIKE=\"lede openwrt\"\nVERSION_ID=\"23.05.5\"", "openwrt " },
        { "ImmortalWrt", "ID=\"immortalwrt\"\nID_LIKE=\"lede openwrt\"", "openwrt " },
        { "something else", "ID=plan9", " apt-get dnf yum tdnf zypper pacman apk" },
    };

    [Theory]
    [MemberData(nameof(Distributions))]
    public async Task Its_own_package_manager_is_the_only_one_asked(string name, string osRelease, string expected)
    {
        var root = Directory.CreateTempSubdirectory("wghub-distribution-");
        try
        {
            await File.WriteAllTextAsync(root.CreateSubdirectory("etc").FullName + "/os-release", $"NAME=\"{name}\"\n{osRelease}\n", Cancel);

            foreach (var shell in InstallScriptTests.Shells)
            {
                var said =
                    await Shell.RunAsync(
                        shell.Split(' '), $"{InstallScriptTests.Functions}\nROOT={root.FullName} PLATFORM=linux\necho \"$(family) $(managers)\"\n", Cancel);
                Assert.Equal(expected + "\n", said.OrThrow());
            }
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    /// <summary>What marks it, and the command of its own.</summary>
    public static TheoryData<string, string, string, string> Images => new()
    {
        { "Silverblue", "ID=fedora\nVARIANT_ID=silverblue", "run/ostree-booted rpm-ostree dnf", "rpm-ostree install wireguard-tools" },
        { "CoreOS", "ID=fedora\nVARIANT_ID=coreos", "run/ostree-booted rpm-ostree bootc", "rpm-ostree install wireguard-tools" },
        { "RHEL image mode", "ID=rhel\nID_LIKE=fedora", "run/ostree-booted bootc dnf", "RUN dnf -y install wireguard-tools" },
        { "Endless", "ID=endless\nID_LIKE=debian", "run/ostree-booted apt-get", "Boot one that holds wireguard-tools" },
        { "MicroOS", "ID=opensuse-microos\nID_LIKE=\"suse opensuse\"", "transactional-update zypper", "pkg install wireguard-tools && reboot" },
        { "SteamOS 3", "ID=steamos\nID_LIKE=arch", "steamos-readonly pacman", "steamos-readonly disable && pacman -Sy wireguard-tools" },
        { "Vanilla OS", "ID=vanilla\nID_LIKE=debian", "abroot apt-get", "abroot pkg add wireguard-tools" },
    };

    [Theory]
    [MemberData(nameof(Images))]
    public async Task A_system_of_one_piece_gets_its_own_command_and_no_manager_is_run(string name, string osRelease, string marks, string way)
    {
        using var machine = Machine(osRelease, marks);

        foreach (var shell in InstallScriptTests.Shells)
        {
            var said = await machine.RunAsync(shell, "require_tools", around: NoTools);
            var plan = await machine.RunAsync(shell, null, ["--dry-run"], around: NoTools);

            Assert.True(said.ExitCode == 2 && said.Error.Contains(way, StringComparison.Ordinal), $"{name}, {shell}: {said.ExitCode} {said.Error}");
            Assert.Contains(way, plan.OrThrow(), StringComparison.Ordinal);
        }

        Assert.False(File.Exists(machine.PathOf("ran")));
    }

    [Theory]
    [InlineData("opkg")]
    [InlineData("apk")]
    [InlineData("opkg wg wg-quick ip")]
    public async Task OpenWrt_is_shown_the_way_of_routers(string marks)
    {
        using var machine = Machine("ID=\"openwrt\"\nID_LIKE=\"lede openwrt\"", marks);

        foreach (var shell in InstallScriptTests.Shells)
        {
            var said = await machine.RunAsync(shell, "echo installed");

            Assert.Equal((2, ""), (said.ExitCode, said.Output));
            Assert.Contains("open https://vpn.example.com/join/TTTTTTT", said.Error, StringComparison.Ordinal);
            Assert.Contains("(umask 077; wg genkey >/etc/wghub.key); wg pubkey </etc/wghub.key", said.Error, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(machine.PathOf("ran")));
    }

    private const string NoTools = "have_tools() { false; }\n";

    /// <param name="marks">Files, and programs that it has; whoever runs one of those is found out.</param>
    private static InstallPieces Machine(string osRelease, string marks)
    {
        var machine = new InstallPieces();
        machine.Write("root/etc/os-release", osRelease + "\n");
        foreach (var mark in marks.Split(' '))
        {
            if (mark.Contains('/', StringComparison.Ordinal))
            {
                machine.Write($"root/{mark}", "");
            }
            else
            {
                machine.Shim(mark, $"echo {mark} >>{machine.PathOf("ran")}");
            }
        }

        return machine;
    }
}
