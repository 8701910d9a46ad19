using WgHub.Hosting;
using WgHub.TestKit;
using WgHub.WireGuard;
using static WgHub.Features.Import.ImportScene;

namespace WgHub.Features.Import;

public sealed class ImportPlanTests
{
    /// <summary>Addresses of a peer, and the sentence that keeps it out; empty when nothing does.</summary>
    public static TheoryData<string, string> Addresses => new()
    {
        { "10.8.0.2/32", "" },
        { "10.8.0.2", "" },
        { "10.8.0.2/32,192.168.7.0/24,172.16.5.4/32", "" },
        { "", "It has no address in 10.8.0.0/24." },
        { "10.9.0.2/32", "It has no address in 10.8.0.0/24." },
        { "10.8.0.2/32,10.8.0.3/32", "It has 2 addresses in 10.8.0.0/24; a spoke has one." },
        { "10.8.0.0/32", "10.8.0.0 is not an address that a machine can have." },
        { "10.8.0.1/32", "Its address 10.8.0.1 is the hub's own." },
        { "10.8.0.9/32", "Its address 10.8.0.9 is that of neighbour." },
        { "10.8.0.2/32,10.8.0.128/25", "The network 10.8.0.128/25 behind it overlaps the hub's own." },
        { "10.8.0.2/32,10.0.0.0/8", "The network 10.0.0.0/8 behind it overlaps the hub's own." },
        { "10.8.0.2/32,192.168.8.0/23", "The network 192.168.8.0/23 behind it overlaps one that is taken." },
        { "10.8.0.2/32,192.168.5.0/24", "This machine reaches a part of the network 192.168.5.0/24 behind it by another way." },
        { "10.8.0.2/32,192.168.4.0/23", "This machine reaches a part of the network 192.168.4.0/23 behind it by another way." },
        { "10.8.0.2/32,192.168.5.128/25", "" },
        { "10.8.0.2/32,0.0.0.0/0", "Everything goes through it (a route to 0.0.0.0/0 or ::/0). A hub sends spokes only what is theirs." },
        { "10.8.0.2/32,fd00::2/128", "It would lose fd00::2/128: this hub gives another IPv6 address, or none." },
        { "10.8.0.2/32,fd00:7::/48", "" },
        { "10.8.0.2/32,fe80:7::/48", "fe80:7::/48 holds addresses that no machine can have: loopback, link-local, multicast or reserved ones (RFC 6890)." },
        { "10.8.0.2/32,128.0.0.0/1", "128.0.0.0/1 is too large to be somebody's network: at most a /8, or a /16 of IPv6." },
        { "10.8.0.2/32,nonsense", "One of its addresses is none." },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public void An_address_comes_along_where_it_fits_and_is_a_problem_where_not(string addresses, string problem)
    {
        var planned = Plan(Peer("anna", addresses)).Spokes.Single();

        Assert.Equal(problem, string.Join(' ', planned.Problems));
        Assert.Equal(problem.Length == 0, planned.IsAdded);
    }

    [Fact]
    public void Networks_behind_a_peer_stay_behind_the_spoke() =>
        Assert.Equal(
            "192.168.7.0/24, 172.16.5.4/32, fd00:7::/48",
            string.Join(", ", Plan(Peer("anna", "10.8.0.2/32,192.168.7.0/24,172.16.5.4/32,fd00:7::/48")).Spokes.Single().Networks));

    [Fact]
    public void Keys_are_checked()
    {
        var twice = Wg.NewKey();
        var plan = Plan(
            Peer("none", "10.8.0.2/32") with { Key = "AAAA" },
            Peer("zero", "10.8.0.3/32") with { Key = PresharedKey.None },
            Peer("hub", "10.8.0.4/32") with { Key = HubKey },
            Peer("fits", "10.8.0.5/32") with { Key = twice },
            Peer("encrypted", "10.8.0.7/32") with { PresharedKey = new Secret("encrypted") });

        Assert.Equal(
            [
                "Its public key is not a WireGuard key.", "Its public key is not a WireGuard key.", "Its public key is the hub's own.", "",
                "Its preshared key is not one; the export may be encrypted.",
            ],
            plan.Spokes.Select(spoke => string.Join(' ', spoke.Problems)));
        Assert.Equal((1, 4), (plan.Added, plan.LeftOut));
    }

    [Fact]
    public void Who_is_here_already_is_known_by_the_key_and_left_as_they_are()
    {
        var plan = Plan(Peer("another name", "10.8.0.77/32") with { Key = Neighbour });

        Assert.Equal((0, 1, 0), (plan.Added, plan.Known, plan.LeftOut));
    }

    [Theory]
    [InlineData("anna", "anna")]
    [InlineData("Jörg's  iPhone ✆", "Jorg-s-iPhone")]
    [InlineData("b@home", "b-home")]
    [InlineData("Łukasz Żółć", "Lukasz-Zolc")]
    [InlineData("Ő Ğ Š č ř Đ ı ŧ Œ ß Æ Ð", "O-G-S-c-r-D-i-t-Oe-ss-Ae-D")]
    [InlineData("Zoe\u0308", "Zoe")]
    [InlineData("Nguyễn", "Nguyen")]
    [InlineData("Taken", "Taken-2")]
    [InlineData("../../etc/passwd", "etc-passwd")]
    [InlineData("a\nPostUp = id", "a-PostUp-id")]
    [InlineData("Штирлиц", "peer-")]
    [InlineData(null, "peer-")]
    public void A_name_that_does_not_fit_gets_one_that_does(string? name, string proposed)
    {
        var spoke = Plan(Peer(name, "10.8.0.2/32")).Spokes.Single();

        Assert.StartsWith(proposed, spoke.Name.Text, StringComparison.Ordinal);
        Assert.Equal(proposed.EndsWith('-'), spoke.Name.Text != proposed);
    }

    [Fact]
    public void Every_text_gives_a_name_and_no_two_the_same() =>
        Any.Holds(Any.Text, text =>
        {
            var taken = new HashSet<string>();
            var names = new ProposedNames(taken);
            return names.For(text, Wg.NewKey()).Key != names.For(text, Wg.NewKey()).Key;
        });

    [Fact]
    public void An_IPv6_address_of_the_hubs_network_is_kept_and_any_other_left_out_only_by_leave()
    {
        var six = Target with { Network6 = Ipv6Network.TryParse("fd00:8::/64", out var network) ? network : null };
        var given = Peer("given", "10.8.0.2/32,fd00:8::a08:2/128");
        var own = Peer("own", "10.8.0.3/32,fd00:8::3/128");
        var second = Peer("second", "10.8.0.4/32,fd00:8::3/128");
        var far = Peer("far", "10.8.0.5/32,fd00:9::3/128");

        var plan = Plan(six, false, given, own, far);
        Assert.Equal([true, true, false], plan.Spokes.Select(spoke => spoke.IsAdded));
        Assert.Equal([null, "fd00:8::3"], plan.Spokes.Take(2).Select(spoke => spoke.Address6?.Address.ToString()));
        Assert.Equal(["It loses fd00:9::3/128."], Plan(six, true, far).Spokes.Single().Remarks);
        Assert.Equal([null, "fd00:8::3"], Plan(six, false, own, second).Spokes.Select(spoke => spoke.Address6?.Address.ToString())); // as wg has it
    }

    /// <summary>wg-easy numbers IPv4 and IPv6 apart: what one spoke's would be may be another's.</summary>
    [Fact]
    public void IPv6_addresses_that_cross_are_kept()
    {
        var six = Target with { Network6 = Ipv6Network.TryParse("fd00:8::/112", out var network) ? network : null };
        var plan = Plan(six, false, Peer("a", "10.8.0.2/32,fd00:8::3/128"), Peer("b", "10.8.0.3/32,fd00:8::2/128"));

        Assert.Equal([("fd00:8::3", Address("10.8.0.3")), ("fd00:8::2", Address("10.8.0.2"))],
            plan.Spokes.Select(spoke => (spoke.Address6!.Address.ToString(), spoke.Address6.Slot!.Value)));
    }

    [Fact]
    public void Of_a_running_interface_everyone_comes_or_nobody()
    {
        var hub = new ImportedHub(null, 51820, ["10.8.0.1/24", "10.9.0.1/24", "fd00::1/120"], 1420, null, []);
        var plan =
            ImportPlan.Of(
                Source(Peer("anna", "10.8.0.2/32"), Peer("all", "10.8.0.3/32,0.0.0.0/0")) with { IsRunning = true, Hub = hub }, Target, Present,
                new(new()), Cancel);

        Assert.Equal(3, plan.Blocks.Count);
        Assert.Contains(plan.Blocks, block => block.StartsWith("all: ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_hash_follows_what_is_done_and_not_what_it_is_called()
    {
        var peer = Peer("anna", "10.8.0.2/32");
        var hash = Plan(peer).Hash;

        Assert.Equal(hash, Plan(peer with { Name = "berta" }).Hash);
        Assert.NotEqual(hash, Plan(peer with { AllowedIPs = ["10.8.0.3/32"] }).Hash);
        Assert.NotEqual(hash, Plan(peer with { IsEnabled = false }).Hash);
        Assert.NotEqual(hash, Plan(peer, Peer("more", "10.8.0.3/32")).Hash);
        Assert.NotEqual(hash, Plan(Target with { Address = Address("10.8.0.254") }, false, peer).Hash);
    }

    [Theory]
    [InlineData("10.8.0.1/24", "10.8.0.0/24", "10.8.0.1")]
    [InlineData("10.8.0.0/24", "10.8.0.0/24", "10.8.0.1")]
    [InlineData("fd00::1/64,172.20.3.254/22", "172.20.0.0/22", "172.20.3.254")]
    public void The_hubs_own_address_names_the_network(string addresses, string network, string address)
    {
        var target = ImportTarget.Of(new(null, null, addresses.Split(','), null, null, []), null, null)!;

        Assert.Equal((network, address), (target.Network.ToString(), Ipv4Network.ToText(target.Address)));
    }

    private static ImportPlan Plan(params ImportedPeer[] peers) => Plan(Target, false, peers);

    private static ImportPlan Plan(ImportTarget target, bool withoutIPv6, params ImportedPeer[] peers) =>
        ImportPlan.Of(Source(peers), target, Present, new(new()) { WithoutIPv6 = withoutIPv6 }, Cancel);
}
