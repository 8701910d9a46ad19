using FsCheck;
using FsCheck.Fluent;
using WgHub.Features.Spokes;
using WgHub.TestKit;
using WgHub.WireGuard;

namespace WgHub.Features.Reports;

public sealed class PeerCountingTests
{
    private static readonly PublicKey Key = PublicKey.Parse(Wg.NewKey());

    private static readonly PeerTraffic Unseen = new(Key, null, 0, 0, 0, 0, null, null);

    /// <summary>What a peer did between two looks, and whether its interface began a new life before it.</summary>
    private static readonly Gen<(bool IsNewLife, int Received, int Sent)[]> History =
        Gen.Frequency((1, Gen.Constant(true)), (4, Gen.Constant(false)))
            .Zip(Gen.Choose(0, 5000)).Zip(Gen.Choose(0, 5000)).Select(step => (step.Item1.Item1, step.Item1.Item2, step.Item2)).ArrayOf();

    [Fact]
    public void Totals_are_what_the_peer_did_over_all_lives_of_the_interface() =>
        Any.Holds(History, history =>
        {
            var (traffic, life, received, sent) = (Unseen, 0, 0L, 0L);
            foreach (var step in history)
            {
                (life, received, sent) = step.IsNewLife ? (life + 1, 0, 0) : (life, received, sent);
                (received, sent) = (received + step.Received, sent + step.Sent);
                traffic = Look(traffic, received, sent, generation: $"life {life}");
            }

            return traffic.ReceivedBytes == history.Sum(step => (long)step.Received) && traffic.SentBytes == history.Sum(step => (long)step.Sent);
        });

    [Fact]
    public void A_counter_that_went_back_in_the_same_life_began_again()
    {
        var before = Look(Unseen, 1000, 500);

        var after = Look(before, 10, 600);

        Assert.Equal((1010, 1100), (after.ReceivedBytes, after.SentBytes));
    }

    [Fact]
    public void The_last_handshake_outlives_the_interface()
    {
        var before = Look(Unseen, 1, 1, handshake: 1_700_000_000);

        Assert.Equal(before.LastHandshake, Look(before, 0, 0, generation: "next").LastHandshake);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_100), Look(before, 1, 1, handshake: 1_700_000_100).LastHandshake);
        Assert.Equal(before.LastHandshake, Look(before, 1, 1, handshake: 1_600_000_000).LastHandshake);
    }

    [Fact]
    public void A_life_that_knows_of_no_handshake_tells_that_the_last_one_counts_no_more()
    {
        var before = Look(Unseen, 1, 1, handshake: 1_700_000_000);
        Assert.Null(before.HandshakesFrom);

        var anew = Look(before, 0, 0, generation: "next");
        var again = Look(anew, 1, 1, generation: "next", handshake: 1_700_000_005);

        Assert.True(anew.LastHandshake < anew.HandshakesFrom);
        Assert.Same(anew, Look(anew, 0, 0, generation: "next"));
        Assert.True(again.LastHandshake >= again.HandshakesFrom);
        Assert.Null(Look(Unseen, 0, 0).HandshakesFrom);
    }

    [Fact]
    public void A_peer_that_did_nothing_costs_nothing()
    {
        var before = Look(Unseen, 1, 1, handshake: 1_700_000_000);

        Assert.Same(before, Look(before, 1, 1, handshake: 1_700_000_000));
    }

    private static PeerTraffic Look(PeerTraffic before, long received, long sent, string generation = "one", long handshake = 0) =>
        PeerCounting.Next(before, new("203.0.113.5:9", "", handshake, received, sent), generation);
}
