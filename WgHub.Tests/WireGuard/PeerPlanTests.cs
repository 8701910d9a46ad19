using System.Text;
using FsCheck;
using FsCheck.Fluent;
using WgHub.Hosting;
using WgHub.TestKit;

namespace WgHub.WireGuard;

public sealed class PeerPlanTests
{
    private static readonly Gen<string> AllowedIPs = Gen.Elements("10.8.0.2/32", "10.8.0.3/32", "10.8.0.4/32,fd00::4/128");

    private static readonly Gen<Secret?> PresharedKey = Gen.Elements<Secret?>(null, new("one"), new("other"));

    private static readonly Gen<Dictionary<PublicKey, PeerTarget>> Present =
        Any.KnownKey.Zip(AllowedIPs.Zip(PresharedKey)).Select(row => new PeerTarget(row.Item1, row.Item2.Item1, row.Item2.Item2)).ListOf()
            .Select(peers => peers.DistinctBy(peer => peer.Key).ToDictionary(peer => peer.Key));

    /// <summary>A third of the hub's peers should not be on the interface.</summary>
    private static readonly Gen<Dictionary<PublicKey, PeerTarget?>> Known =
        Present.Zip(Gen.Choose(0, 2).ArrayOf(12))
            .Select(value => value.Item1.Index().ToDictionary(peer => peer.Item.Key, peer => value.Item2[peer.Index] == 0 ? null : peer.Item.Value));

    [Fact]
    public void Applying_the_plan_gives_just_the_wanted_peers() =>
        Any.Holds(Known.Zip(Present), value =>
        {
            var (known, present) = value;
            var plan = Between(known, present);
            var result = present.Where(peer => !plan.Unwanted.Concat(plan.Unknown).Contains(peer.Key)).ToDictionary();
            foreach (var key in plan.Missing.Concat(plan.Changed))
            {
                result[key] = known[key]!;
            }

            return Same(result, known.Where(peer => peer.Value is not null).ToDictionary(peer => peer.Key, peer => peer.Value!));
        });

    [Fact]
    public void What_agrees_is_not_touched() =>
        Any.Holds(Known.Zip(Present), value =>
        {
            var (known, present) = value;
            var touched = Between(known, present).All().ToList();
            return touched.Distinct().Count() == touched.Count
                && touched.All(key => known.GetValueOrDefault(key) != present.GetValueOrDefault(key) || !known.ContainsKey(key));
        });

    [Fact]
    public void Nothing_is_to_do_when_all_is_as_wanted() =>
        Any.Holds(Present, present => Between(present.ToDictionary(peer => peer.Key, peer => (PeerTarget?)peer.Value), present).IsEmpty);

    [Fact]
    public void Two_looks_agree_on_what_both_saw() =>
        Any.Holds(Known.Zip(Present).Zip(Known.Zip(Present)), value =>
        {
            var first = Between(value.Item1.Item1, value.Item1.Item2);
            var later = Between(value.Item2.Item1, value.Item2.Item2);
            return first.And(later).All().ToHashSet().SetEquals(first.All().Intersect(later.All())) && Same(first.And(first), first);
        });

    [Fact]
    public void What_is_left_out_is_out_and_the_rest_stays() =>
        Any.Holds(Known.Zip(Present), value =>
        {
            var plan = Between(value.Item1, value.Item2);
            var excluded = plan.All().Take(2).ToHashSet();
            var rest = plan.Without(excluded.Contains);
            return rest.All().ToHashSet().SetEquals(plan.All().Except(excluded))
                && rest.Missing.All(plan.Missing.Contains)
                && rest.Unknown.All(plan.Unknown.Contains);
        });

    [Theory]
    [InlineData(2, 2, false)]      // on a small hub one stray peer is soon a fifth
    [InlineData(3, 3, true)]
    [InlineData(20, 100, false)]
    [InlineData(21, 100, true)]
    [InlineData(3, 15, false)]
    [InlineData(4, 15, true)]
    public void More_than_a_fifth_is_too_many_to_be_an_accident(int unknown, int live, bool expected)
    {
        var keys = Enumerable.Range(0, unknown).Select(_ => PublicKey.Parse(Wg.NewKey())).ToList();

        Assert.Equal(expected, new PeerPlan([], [], [], keys).IsMassRemoval(live));
    }

    /// <summary>What wg prints of the present ones, held against the known ones.</summary>
    private static PeerPlan Between(IReadOnlyDictionary<PublicKey, PeerTarget?> known, IReadOnlyDictionary<PublicKey, PeerTarget> present)
    {
        var lines = present.Values.Select(peer => $"{peer.Key}\t{peer.PresharedKey?.Reveal() ?? "(none)"}\t(none)\t{Turned(peer.AllowedIPs)}\t0\t0\t0\toff\n");
        var dump = new WgDump(Encoding.ASCII.GetBytes($"secret\tpublic\t1\toff\n{string.Concat(lines)}"));
        var comparison = new PeerComparison(known);
        while (dump.MoveNext())
        {
            comparison.Add(dump.Current);
        }

        return comparison.Plan(present.ContainsKey);
    }

    /// <summary>The kernel has an order of its own.</summary>
    private static string Turned(string networks) => string.Join(',', networks.Split(',').Reverse());

    private static bool Same(Dictionary<PublicKey, PeerTarget> one, Dictionary<PublicKey, PeerTarget> other) =>
        one.Count == other.Count && one.All(peer => other.GetValueOrDefault(peer.Key) == peer.Value);

    private static bool Same(PeerPlan one, PeerPlan other) =>
        one.Missing.SequenceEqual(other.Missing)
            && one.Changed.SequenceEqual(other.Changed)
            && one.Unwanted.SequenceEqual(other.Unwanted)
            && one.Unknown.SequenceEqual(other.Unknown);
}
