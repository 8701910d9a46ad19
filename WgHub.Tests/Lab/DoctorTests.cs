using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>Each thing that can stop a tunnel is broken for real, is found, and is found no longer when it is mended.</summary>
[Trait("Kind", "Lab")]
public sealed class DoctorTests(DoctorSite site) : IClassFixture<DoctorSite>
{
    /// <summary>Nobody has come through the port: the only spoke is one on paper.</summary>
    private const string Always = "PORT_SILENT";

    private const string Forward = "nft 'table inet strict { chain f { type filter hook forward priority 0; policy drop; ct state established,related accept; ";
    private const string Input =
        "nft 'table inet strict { chain i { type filter hook input priority 0; policy drop; iif lo accept; ct state established accept; ";
    private const string Prlimit = "prlimit --pid $(pgrep -f '^[^ ]*wghub serve --data DATA')";
    private const string NoTable = "nft delete table inet strict";

    /// <summary>Rules of many kinds, of which none stands in the way.</summary>
    private const string Odd =
        "nft 'table inet strict { chain i { type filter hook input priority 0; ip saddr . udp dport { 10.0.0.1 . 51820 } drop; meta mark 7 drop; "
        + "udp dport 51820 limit rate over 5/second drop; @th,16,16 9 drop; tcp flags & (fin | syn) == fin | syn drop; icmp type echo-request log drop; "
        + "udp dport != 1-65000 drop; udp length < 9 drop; ct status dnat drop; rt ip nexthop 10.9.9.9 drop; }; "
        + "chain f { type filter hook forward priority 0; iifname . oifname { \"wg0\" . \"eth9\" } drop; ip protocol icmp drop; "
        + "ct state vmap { invalid : drop, new : jump z, established : jump z }; }; chain z { meta l4proto { tcp, udp } return; counter; }; }'";

    public static TheoryData<string, string, string> Broken => new()
    {
        { "FOREIGN_FORWARD_DROP", $"{Forward} }}; }}'", NoTable },
        { "FOREIGN_FORWARD_DROP", $"{Forward} oifname \"docker0\" accept; }}; }}'", NoTable },
        { "FOREIGN_FORWARD_DROP", $"{Forward} iifname \"wg0\" jump z; }}; chain z {{ return; }}; }}'", NoTable },
        { "FOREIGN_FORWARD_DROP", $"{Forward} ip saddr 10.8.0.0/24 accept; }}; }}'", NoTable }, // half of the network
        {
            "FOREIGN_FORWARD_DROP",
            "nft 'table inet strict { chain f { type filter hook forward priority 0; policy accept; ct state vmap { established : accept, invalid : drop }; "
            + "jump z; reject with icmpx admin-prohibited; }; chain z { iifname lo accept; }; }'",
            NoTable
        },
        { "FOREIGN_INPUT_DROP", $"{Input} tcp dport 22 accept; }}; }}'", NoTable },
        { "FOREIGN_INPUT_DROP", $"{Input} udp dport {{ 53, 500-600 }} accept; }}; }}'", NoTable },
        { "FOREIGN_INPUT_DROP", "nft 'table inet strict { chain i { type filter hook input priority 0; udp dport 51820 drop; }; }'", NoTable },
        { "FIREWALL_MISSING", "nft -s list ruleset >/run/wireguard/keep; nft delete table inet wghub_wg0", "nft -f /run/wireguard/keep" },
        { "GUARD_MISSING", "ip rule delete priority 5180 iif wg0", "ip rule add priority 5180 iif wg0 fwmark 0/0x1000000 prohibit protocol kernel" },
        { "FORWARDING_OFF", "sysctl -qw net.ipv4.conf.wg0.forwarding=0", "sysctl -qw net.ipv4.conf.wg0.forwarding=1" },
        {
            "FORWARDING6_OFF",
            "for s in all/forwarding wg0/force_forwarding; do [ ! -e /proc/sys/net/ipv6/conf/$s ] || echo 0 >/proc/sys/net/ipv6/conf/$s; done",
            "f=/proc/sys/net/ipv6/conf/wg0/force_forwarding; [ -e $f ] || f=/proc/sys/net/ipv6/conf/all/forwarding; echo 1 >$f"
        },
        {
            "RP_FILTER_STRICT", "sysctl -qw net.ipv4.conf.wg0.rp_filter=1 net.ipv4.conf.wg0.src_valid_mark=0",
            "sysctl -qw net.ipv4.conf.wg0.src_valid_mark=1"
        },
        { "IPV6_OFF", "sysctl -qw net.ipv6.conf.wg0.disable_ipv6=1", "sysctl -qw net.ipv6.conf.wg0.disable_ipv6=0" },
        { "MTU_TOO_LARGE", "ip link set lab0 mtu 1400", "ip link set lab0 mtu 1500" },
        { "INTERFACE_DOWN", "ip link set wg0 down", "ip link set wg0 up" },
        { "INTERFACE_PORT", "wg set wg0 listen-port 40000", "wg set wg0 listen-port 51820" },
        { "INTERFACE_ADDRESS", "ip address delete 10.8.0.1/22 dev wg0", "ip address replace 10.8.0.1/22 dev wg0" },
        { "INTERFACE_MTU", "ip link set wg0 mtu 1300", "ip link set wg0 mtu 1420" },
        {
            "INTERFACE_KEY",
            "umask 077; wg show wg0 private-key >/run/wireguard/keep; wg genkey >/run/wireguard/new; wg set wg0 private-key /run/wireguard/new",
            "wg set wg0 private-key /run/wireguard/keep"
        },
        { "DRIFT_UNKNOWN", "wg set wg0 peer $(wg genkey | wg pubkey | tee /run/wireguard/keep)", "wg set wg0 peer $(cat /run/wireguard/keep) remove" },
        { "DRIFT_CHANGED", "wg show wg0 allowed-ips | tee /run/wireguard/keep; wg set wg0 peer $(cut -f1 /run/wireguard/keep) allowed-ips 10.8.3.3/32",
            "wg set wg0 peer $(cut -f1 /run/wireguard/keep) allowed-ips $(cut -f2 /run/wireguard/keep | tr ' ' ,)" },
        { "ADDRESS_CLASH", "ip route add 10.8.1.0/24 dev lab0", "ip route delete 10.8.1.0/24" },
        { "DESCRIPTORS_FEW", $"{Prlimit} --nofile=500:", $"{Prlimit} --nofile=4096:" },
        { "DATA_OPEN_TO_OTHERS", "chmod 750 DATA", "chmod 700 DATA" },
        { "KEY_OPEN_TO_OTHERS", "chmod 640 DATA/master.key", "chmod 600 DATA/master.key" },
        { "DATA_OF_ANOTHER_USER", "chown 65534 DATA/wghub.db-wal", "chown 0 DATA/wghub.db-wal" },
        { "SETTING_WRONG", "cp DATA/wghub.json DATA/keep; echo '{\"Backup:Keep\": \"0\"}' >DATA/wghub.json", "mv DATA/keep DATA/wghub.json" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_broken_is_found_until_it_is_mended(string code, string breaking, string mending)
    {
        Assert.Equal([Always], await site.CodesAsync());
        await site.ShellAsync(breaking.Replace("DATA", site.Hub.DataFolder, StringComparison.Ordinal));
        try
        {
            Assert.Contains(code, await site.CodesAsync());
        }
        finally
        {
            await site.ShellAsync(mending.Replace("DATA", site.Hub.DataFolder, StringComparison.Ordinal));
            await site.LetTheHubMendAsync();
        }

        Assert.Equal([Always], await site.CodesAsync());
    }

    /// <summary>Rules of others that do let through what has to come through, in the ways people write them.</summary>
    [Theory]
    [InlineData($"{Forward} iifname \"wg0\" accept; }}; }}'")]
    [InlineData($"{Forward} iifname \"wg*\" accept; }}; }}'")]
    [InlineData($"{Forward} iifname {{ \"wg0\", \"eth0\" }} accept; }}; }}'")]
    [InlineData($"{Forward} jump z; }}; chain z {{ meta nfproto {{ ipv4, ipv6 }} iifname \"wg0\" goto y; }}; chain y {{ accept; }}; }}'")]
    [InlineData($"{Forward} ip saddr 10.8.0.0/16 accept; ip6 saddr {DoctorSite.Network6} accept; }}; }}'")]
    [InlineData("nft 'table inet strict { chain f { type filter hook forward priority 0; policy accept; iifname \"eth7\" drop; ct state invalid drop; }; }'")]
    [InlineData($"{Input} udp dport 51820 accept; }}; }}'")]
    [InlineData($"{Input} meta l4proto udp udp dport {{ 53, 51000-52000 }} accept; }}; }}'")]
    [InlineData($"{Input} udp dport vmap {{ 53 : drop, 51820 : accept }}; }}; }}'")]
    [InlineData($"{Input} iifname != \"eth7\" accept; }}; }}'")]
    [InlineData("nft 'table inet strict { chain i { type filter hook input priority 0; tcp dport 51820 drop; ip saddr 198.51.100.0/24 drop; }; }'")]
    [InlineData(Odd)]
    public async Task What_lets_it_through_is_no_finding(string rules)
    {
        await site.ShellAsync(rules);
        try
        {
            Assert.Equal([Always], await site.CodesAsync());
        }
        finally
        {
            await site.ShellAsync(NoTable);
        }
    }

    [Fact]
    public async Task A_peer_that_is_gone_is_found_by_its_key()
    {
        await site.ShellAsync($"umask 077; wg showconf wg0 >/run/wireguard/keep; wg set wg0 peer {site.SpokeKey} remove");

        Assert.Contains("DRIFT_MISSING", await site.CodesAsync());
        Assert.Contains(site.SpokeKey, await site.TextAsync(), StringComparison.Ordinal);

        await site.ShellAsync("wg syncconf wg0 /run/wireguard/keep");
        Assert.Equal([Always], await site.CodesAsync());
    }

    /// <summary>The device is there for the hub's user, or it is not; a namespace of users is what a container is to the kernel.</summary>
    [Fact]
    public async Task Without_an_interface_the_device_of_the_container_is_named_with_its_line()
    {
        const string Node = "pct set ID --dev0 /dev/net/tun,mode=0666";
        string[] without = ["unshare", "--mount", "sh", "-c", "mount -t tmpfs none /dev/net && exec \"$@\"", "sh"];
        string[] contained = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs none /dev/net && exec \"$@\"", "sh"];
        var elsewhere = Path.Combine(site.Net.Home.FullName, "no-hub");

        string[] look = [LabHub.Binary, "doctor", "--data", elsewhere, "--config", await OtherInterfaceAsync()];
        var plain = await site.Net.RunAsync([.. without, .. look], Cancel);
        var inside = await site.Net.RunAsync([.. contained, .. look, "--json"], Cancel);

        Assert.Contains("FAIL  wireguard", plain.Output, StringComparison.Ordinal);
        Assert.Equal(2, plain.ExitCode);
        Assert.Contains("TUN_MISSING", inside.Output, StringComparison.Ordinal);
        Assert.Contains(Node, inside.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_looks_with_less_than_he_needs_without_being_told()
    {
        string[] nobody = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"];

        Assert.Contains("NOT_ROOT", await site.CodesAsync(nobody));
    }

    [Fact]
    public async Task Inotify_instances_that_are_used_up_are_found()
    {
        var told = await site.Net.RunAsync(
            ["unshare", "--user", "--map-root-user", "sh", "-c", "echo 0 >/proc/sys/user/max_inotify_instances && exec \"$@\"", "sh",
                LabHub.Binary, "doctor", "--json", "--data", Path.Combine(site.Net.Home.FullName, "no-hub"), "--config", await OtherInterfaceAsync()],
            Cancel);

        Assert.Contains("INOTIFY_EXHAUSTED", told.Output, StringComparison.Ordinal);
    }

    /// <summary>Beside a hub that runs, one that was killed, one that is stopped, and where there is none.</summary>
    [Fact]
    public async Task It_changes_nothing()
    {
        async Task LooksAsync(params string[] codes)
        {
            var before = await site.TracesAsync();
            Assert.Equal(codes.Order(), (await site.CodesAsync()).Order());
            Assert.Equal(before, await site.TracesAsync());
        }

        await LooksAsync(Always);
        await site.Hub.KillAsync(Cancel);
        await LooksAsync(Always, "HUB_STOPPED");
        await site.ShellAsync("ip link delete wg0; wireguard-go wgx && wg set wgx listen-port 51820 && ip link set wgx up");
        await LooksAsync("HUB_STOPPED", "INTERFACE_MISSING", "PORT_TAKEN");
        await site.ShellAsync("ip link delete wgx");
        await LooksAsync("HUB_STOPPED", "INTERFACE_MISSING");

        await site.Hub.StartAsync(Cancel);
        Assert.True(await Eventually.TrueAsync(async () => (await site.CodesAsync()).SetEquals([Always]), TimeSpan.FromSeconds(20), Cancel));
        Assert.Equal(0, await site.Hub.StopAsync(Cancel));
        await LooksAsync(Always, "HUB_STOPPED");
        await site.Hub.StartAsync(Cancel);
        await site.Hub.SignalAsync("STOP", Cancel);
    }

    private async Task<string> OtherInterfaceAsync()
    {
        var file = Path.Combine(site.Net.Home.FullName, "other.json");
        await File.WriteAllTextAsync(file, """{"WireGuard:Interface": "wgy"}""", Cancel);
        return file;
    }
}
