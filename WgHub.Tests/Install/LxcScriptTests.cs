using WgHub.TestKit;

namespace WgHub.Install;

/// <summary>wghub-lxc.sh makes a container, changes what it is asked to and nothing else, and takes away what it has made.</summary>
public sealed class LxcScriptTests : LxcNode
{
    [Fact]
    public async Task ShellCheck_has_nothing_to_say() => (await Shell.RunAsync(["shellcheck", "-s", "sh", Script], Cancel)).OrThrow();

    [Theory]
    [InlineData("dash")]
    [InlineData("bash")]
    public async Task A_container_is_made_as_it_is_to_be_and_again_nothing_is_changed(string shell)
    {
        var made = (await RunAsync("create --binary hub", shell)).OrThrow();

        Assert.Contains("+ container 2090\n", made, StringComparison.Ordinal);
        Assert.Equal(
            """
            hostname: wireguard
            unprivileged: 1
            features: nesting=1
            onboot: 1
            cores: 1
            memory: 1024
            swap: 512
            rootfs: local-lvm:vm-2090-disk-0,size=8G
            net0: name=eth0,bridge=vmbr0,ip=dhcp,hwaddr=BC:24:11:00:00:01,type=veth
            dev0: /dev/net/tun,mode=0666
            tags: wghub
            description: WgHub, made by wghub-lxc.sh%0A

            """,
            Container);
        var calls = Calls;
        Assert.Contains("pct create 2090 local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst --hostname wireguard", calls, StringComparison.Ordinal);
        Assert.Contains("--no-install-recommends install wireguard-tools nftables iproute2 wireguard-go\n", calls, StringComparison.Ordinal);
        Assert.Contains($"pct push 2090 {PathOf("hub")} /root/wghub --perms 0755\npct exec 2090 -- /root/wghub install\n", calls, StringComparison.Ordinal);
        await ChangesNothingAsync("create --binary hub", shell);
        await ChangesNothingAsync("create --binary hub --memory 1024 --cores 1 --ip dhcp --bridge vmbr0 --disk 4 --hostname wireguard", shell);
    }

    /// <summary>What somebody has changed by hand stays, unless he asks for something else here.</summary>
    [Fact]
    public async Task Only_what_is_asked_for_is_changed_in_a_container_that_is_there()
    {
        const string All = "create --binary hub --id 300 --vlan 20 --ip 192.168.7.20/24 --gateway 192.168.7.1 --nameserver 9.9.9.9 --domain example.org";
        (await RunAsync(All)).OrThrow();
        Assert.Contains("bridge=vmbr0,ip=192.168.7.20/24,gw=192.168.7.1,tag=20,", Container, StringComparison.Ordinal);
        (await ShellAsync("pct set 300 --memory 4096")).OrThrow();
        await ChangesNothingAsync("create --binary hub --id 300");
        await ChangesNothingAsync(All);

        var told = (await RunAsync("create --binary hub --id 300 --memory 2048 --disk 12 --ip 192.168.7.21/24 --gateway 192.168.7.1")).OrThrow();

        Assert.StartsWith(
            "+ memory 2048\n+ net0 name=eth0,bridge=vmbr0,ip=192.168.7.21/24,gw=192.168.7.1,tag=20,hwaddr=BC:24:11:00:00:01\n+ disk 12 GB\n", told,
            StringComparison.Ordinal);
        Assert.Contains("memory: 2048\n", Container, StringComparison.Ordinal);
        Assert.Contains("size=12G", Container, StringComparison.Ordinal);
        (await ShellAsync("pct set 300 --dev0 /dev/net/tun,mode=0600")).OrThrow();
        Assert.StartsWith("+ dev0 /dev/net/tun,mode=0666\n", (await RunAsync("create --binary hub --id 300")).OrThrow(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("binary", "wghub exchanged")]
    [InlineData("deb", "package wghub 1.0.1")]
    public async Task An_update_exchanges_the_hub_once(string kind, string change)
    {
        var (one, two) = kind == "deb" ? ("hub.deb", "newer.deb") : ("hub", "newer");
        Assert.Equal(1, (await RunAsync($"update --{kind} {two}")).ExitCode); // none is there
        (await RunAsync($"create --{kind} {one}")).OrThrow();
        await ChangesNothingAsync($"update --{kind} {one}");

        var told = (await RunAsync($"update --{kind} {two}")).OrThrow();

        Assert.Contains($"+ {change}\n", told, StringComparison.Ordinal);
        Assert.DoesNotContain("pct stop", Calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upgrade_that_went_back_is_no_success_and_a_create_is_no_update()
    {
        (await RunAsync("create --binary hub")).OrThrow();
        Assert.Equal(1, (await RunAsync("create --binary newer")).ExitCode);
        await File.WriteAllTextAsync(PathOf("broken"), "", Cancel);

        var told = await RunAsync("update --binary newer");

        Assert.Equal(1, told.ExitCode);
        Assert.Contains("wghub: could not take over.", told.Error, StringComparison.Ordinal);
        Assert.Equal("\u007fELF one", await File.ReadAllTextAsync(PathOf("2090.root/usr/local/bin/wghub"), Cancel));
    }

    [Fact]
    public async Task What_is_destroyed_is_ours_was_asked_for_and_is_gone()
    {
        (await RunAsync("create --binary hub")).OrThrow();

        Assert.Equal(64, (await RunAsync("destroy")).ExitCode);
        Assert.NotEmpty(Container);
        (await RunAsync("destroy --yes")).OrThrow();
        Assert.False(File.Exists(PathOf("2090.conf")));
        Assert.Equal("There is no container 2090.\n", (await RunAsync("destroy --yes")).OrThrow());
    }

    [Theory]
    [InlineData("tags: other;wghub\ndescription: by hand\n")]
    [InlineData("tags: other\ndescription: WgHub, made by wghub-lxc.sh%0A\n")]
    [InlineData("tags: wghub-old\ndescription: WgHub, made by wghub-lxc.sh%0A\n")]
    [InlineData("")]
    [InlineData("unprivileged: 0\ntags: wghub\ndescription: WgHub, made by wghub-lxc.sh%0A\n", "create --binary hub")]
    public async Task A_container_that_is_not_ours_stays_as_it_is(string configuration, params string[] commands)
    {
        await File.WriteAllTextAsync(PathOf("2090.conf"), configuration, Cancel);
        await File.WriteAllTextAsync(PathOf("2090.status"), "running\n", Cancel);
        foreach (var command in commands.Length > 0 ? commands : ["create --binary hub", "update --binary hub", "destroy --yes"])
        {
            await File.WriteAllTextAsync(PathOf("log"), "", Cancel);
            Assert.Equal(3, (await RunAsync(command)).ExitCode);
            Assert.All(Calls.TrimEnd('\n').Split('\n'), call => Assert.Matches(Looking, call));
            Assert.Equal(configuration, Container);
        }
    }

    [Theory]
    [InlineData("create --binary hub --id 101", "101 is the number of another machine")]
    [InlineData("create --binary hub --storage zfs", "storage zfs does not exist")]
    [InlineData("create --binary hub --bridge vmbr9", "bridge vmbr9 does not exist")]
    [InlineData("create --binary hub --template local:vztmpl/none.tar.zst", "pct create 2090 failed")]
    public async Task What_the_node_does_not_have_is_told_and_no_container_is_made(string command, string sentence)
    {
        var told = await RunAsync(command);

        Assert.Equal(1, told.ExitCode);
        Assert.Contains(sentence, told.Error, StringComparison.Ordinal);
        Assert.Empty(Folder.GetFiles("*.conf"));
    }

    [Theory]
    [InlineData("pve-manager/7.4-20/5d6e3351 (running kernel: 5.15.158-2-pve)", 1)]
    [InlineData("pve-manager/8.1.11/b14a3d2b (running kernel: 6.5.13-5-pve)", 1)]
    [InlineData("pve-manager/8.2.2/9355359cd7afbae4 (running kernel: 6.8.4-2-pve)", 0)]
    [InlineData("pve-manager/9.1.6/71482d1833ded40a (running kernel: 6.17.13-1-pve)", 0)]
    [InlineData("something else", 1)]
    public async Task A_node_is_new_enough_or_told(string version, int status)
    {
        await File.WriteAllTextAsync(PathOf("version"), $"{version}\n", Cancel);
        Assert.Equal(status, (await RunAsync("create --binary hub")).ExitCode);
    }

    [Fact]
    public async Task The_newest_Debian_is_fetched_where_there_is_none()
    {
        await File.WriteAllTextAsync(PathOf("templates"), "local:vztmpl/alpine-3.20-default_20240908_amd64.tar.xz\n", Cancel);
        (await RunAsync("create --binary hub")).OrThrow();
        Assert.Contains("pveam download local debian-13-standard_13.1-2_amd64.tar.zst\n", Calls, StringComparison.Ordinal);
        Assert.Contains("pct create 2090 local:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst ", Calls, StringComparison.Ordinal);
    }
}
