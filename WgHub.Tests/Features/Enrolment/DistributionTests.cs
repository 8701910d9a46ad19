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
        { "something else", "ID=plan9", " apt-get dnf yum zypper pacman apk" },
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
}
