using FsCheck;
using FsCheck.Fluent;
using WgHub.Hosting;
using WgHub.TestKit;
using WgHub.WireGuard;
using static WgHub.Features.Import.ImportScene;

namespace WgHub.Features.Import;

/// <summary>What people choose when a plan is not theirs, and what WireGuard chooses where peers clash.</summary>
public sealed class ImportChoiceTests
{
    /// <summary>Each of the reasons that keep a running interface from being taken over is somebody's to lift.</summary>
    [Theory]
    [InlineData("10.8.0.0/24")]
    [InlineData("10.8.0.2/32,10.8.0.3/32")]
    [InlineData("10.9.0.2/32")]
    [InlineData("10.8.0.9/32")]
    [InlineData("10.8.0.2/32,10.8.0.128/25")]
    [InlineData("10.8.0.2/32,0.0.0.0/0")]
    [InlineData("10.8.0.2/32,192.168.8.0/23")]
    [InlineData("10.8.0.2/32,192.168.5.0/24")]
    [InlineData("10.8.0.2/32,fd00::2/128")]
    [InlineData("10.8.0.2/32,fe80:1::/64")]
    public void Whatever_blocks_can_be_lifted(string addresses)
    {
        var peer = Peer("anna", addresses);
        Assert.NotEmpty(Plan(new ImportWish(new()), peer).Blocks);

        var chosen = new ImportWish(new())
        {
            Addresses = new Dictionary<string, string> { [peer.Key] = "10.8.0.7" },
            WithoutNetworks = true,
            WithoutIPv6 = true,
        };
        Assert.Empty(Plan(chosen, peer).Blocks);
        Assert.Equal(Address("10.8.0.7"), Plan(chosen, peer).Spokes.Single().Address);

        var without = Plan(new ImportWish(new()) { LeaveOut = new HashSet<string> { peer.Key } }, peer);
        Assert.Empty(without.Blocks);
        Assert.Equal((0, 1), (without.Added, without.LeftOut));
    }

    [Fact]
    public void An_address_that_is_chosen_must_be_free_and_in_the_network()
    {
        var peer = Peer("anna", "10.9.0.2/32");
        foreach (var address in new[] { "10.8.0.1", "10.8.0.9", "10.8.0.255", "10.9.0.2", "x" })
        {
            Assert.NotEmpty(Plan(new ImportWish(new()) { Addresses = new Dictionary<string, string> { [peer.Key] = address } }, peer).Blocks);
        }
    }

    [Fact]
    public void Who_has_no_connection_to_lose_blocks_nobody()
    {
        var plan = Plan(new ImportWish(new()), Peer("idle", ""), Peer("off", "10.8.0.9/32") with { IsEnabled = false }, Peer("anna", "10.8.0.2/32"));

        Assert.Empty(plan.Blocks);
        Assert.Equal((1, 2), (plan.Added, plan.LeftOut));
        Assert.Contains("idle", Assert.Single(plan.Notices), StringComparison.Ordinal);
    }

    /// <summary>Host bits, networks in networks, and who names an address last: as wg has it.</summary>
    [Fact]
    public void Where_two_peers_clash_the_later_has_it_as_in_WireGuard()
    {
        var twice = Wg.NewKey();
        var plan = Plan(
            Peer("first", "10.8.0.2/32,192.168.6.0/23") with { Key = twice, PresharedKey = new Secret(Wg.NewKey()) },
            Peer("stolen", "10.8.0.3/32,172.16.5.4/12"),
            Peer("off", "10.8.0.4/32") with { IsEnabled = false },
            Peer(null, "10.8.0.5/32,192.168.7.0/24") with { Key = twice },
            Peer("thief", "10.8.0.3/32,10.8.0.6/32"),
            Peer("last", "10.8.0.4,192.168.6.0/23"));

        Assert.Equal(
            ["first: 10.8.0.5 192.168.7.0/24", "stolen: – 172.16.0.0/12", "thief: – ", "last: 10.8.0.4 192.168.6.0/23", "off: 10.8.0.4 "],
            plan.Spokes.Select(spoke => $"{spoke.Name}: {spoke.AddressText} {string.Join(' ', spoke.Networks)}"));
        Assert.NotNull(plan.Spokes[0].PresharedKey);
        Assert.Equal([true, false, false, true, false], plan.Spokes.Select(spoke => spoke.IsAdded));
    }

    /// <summary>A file of forty thousand networks is one of forty thousand steps: who waits for it may leave, and then it ends.</summary>
    [Fact]
    public async Task Nobody_computes_for_a_caller_who_left()
    {
        using var left = new CancellationTokenSource();
        await left.CancelAsync();

        Assert.Throws<OperationCanceledException>(() => ImportPlan.Of(Source(Peer("a", "10.8.0.2/32")), Target, Present, new(new()), left.Token));
        Assert.Throws<OperationCanceledException>(
            () => ExportFiles.Read([System.Text.Encoding.ASCII.GetBytes(new string('\n', 5_000))], "wg0", left.Token));
    }

    [Fact]
    public void Networks_overlap_one_of_many_just_when_they_overlap_one_by_one() =>
        Any.Holds(Networks.ListOf().Zip(Networks), value =>
        {
            var set = new NetworkSet(value.Item1);
            return set.Overlaps(value.Item2) == value.Item1.Any(value.Item2.Overlaps)
                && set.HasWithin(value.Item2) == value.Item1.Any(one => value.Item2.Contains(one));
        });

    /// <summary>Of both families, and near each other.</summary>
    private static Gen<Cidr> Networks =>
        Gen.Choose(0, 15).Zip(Gen.Choose(26, 32)).Zip(Gen.Elements(false, true)).Select(value => value.Item2
            ? new Cidr(((UInt128)0xfd00 << 112) + (uint)(value.Item1.Item1 * 4), 128, true).Around(value.Item1.Item2 + 96)
            : Ipv4Network.Around(Address("10.0.0.0") + ((uint)value.Item1.Item1 * 4), value.Item1.Item2));

    private static ImportPlan Plan(params ImportedPeer[] peers) => ImportPlan.Of(Source(peers), Target, Present, new(new()), Cancel);

    private static ImportPlan Plan(ImportWish wish, params ImportedPeer[] peers) =>
        ImportPlan.Of(Source(peers) with { IsRunning = true }, Target, Present, wish, Cancel);
}
