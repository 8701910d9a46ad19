using System.Security.Cryptography;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>What a spoke is at a moment stands in C# and in SQL: both say the same of any spoke at any time.</summary>
public sealed class StatusTests : IDisposable
{
    private const int Count = 400;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-status-");
    private readonly ManualTime _time = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_list_by_state_and_the_interface_agree_with_the_spoke_itself()
    {
        var data = new DataDirectory(_folder.FullName);
        using var database = new Database(data, _time);
        MasterKey.Make(data.MasterKeyFile);
        using var masterKey = MasterKey.FromFile(data.MasterKeyFile);
        var (spokes, peers) = (new SpokeStore(database, masterKey, new(() => null)), new PeerStore(database, masterKey, _time));
        await database.WriteAsync(tx => Fill(tx, spokes), TestContext.Current.CancellationToken);
        var start = _time.GetUtcNow();

        foreach (var moment in Moments(start))
        {
            _time.Set(moment);
            var all = spokes.All(new(null, null, null, null, SpokeSort.Name, false));
            Assert.Equal(Count, all.Count);
            foreach (var status in Enum.GetValues<SpokeStatus>())
            {
                var expected = all.Where(spoke => spoke.StatusAt(moment) == status).Select(spoke => spoke.Id);
                Assert.Equal(expected, spokes.All(new(status, null, null, null, SpokeSort.Name, false)).Select(spoke => spoke.Id));
            }

            var counts = spokes.Count();
            Assert.Equal(
                (Of(SpokeStatus.Active), Of(SpokeStatus.Inactive), Of(SpokeStatus.Pending), all.LongCount(spoke => spoke.IsExpiringAt(moment))),
                (counts.Active, counts.Inactive, counts.Pending, counts.Expiring));
            Assert.Equal(
                all.Where(spoke => spoke.IsWantedAt(moment)).Select(spoke => spoke.Key).ToHashSet(),
                [.. peers.All(database.OwnHub).Where(peer => peer.IsWanted).Select(peer => peer.Key)]);
            Assert.Equal(all.Where(spoke => spoke.ExpiresAt > moment && spoke.Enabled).Min(spoke => spoke.ExpiresAt), peers.NextEnd(database.OwnHub, moment));

            long Of(SpokeStatus status) => all.LongCount(spoke => spoke.StatusAt(moment) == status);
        }
    }

    /// <summary>Where a rule turns, the millisecond before and after that, and anywhere.</summary>
    private static IEnumerable<DateTimeOffset> Moments(DateTimeOffset start) =>
        from turn in new[] { TimeSpan.Zero, Spoke.HandshakeLife, -Spoke.ExpiryNotice, TimeSpan.FromSeconds(RandomNumberGenerator.GetInt32(-1_000_000, 1_000_000)) }
        from milliseconds in new[] { -1, 0, 1 }
        select start + turn + TimeSpan.FromMilliseconds(milliseconds);

    private static void Fill(Tx tx, SpokeStore spokes)
    {
        for (var i = 0; i < Count; i++)
        {
            var (id, name) = ($"s{i:000}", $"spoke-{i:000}");
            tx.Execute(
                $"insert into leases (spoke_id, hub_id, name, name_key, slot, address) values ({id}, {tx.OwnHub}, {name}, {name}, {i}, {$"0.0.{i / 256}.{i % 256}"})");
            var key = new byte[32];
            RandomNumberGenerator.Fill(key);
            var spoke = new Spoke
            {
                Id = id,
                Hub = tx.OwnHub,
                Name = name,
                Address = new((uint)i),
                Key = PublicKey.Parse(Convert.ToBase64String(key)),
                Os = "linux",
                RegisteredAt = tx.Now,
                Enabled = RandomNumberGenerator.GetInt32(4) > 0,
                ExpiresAt = Near(tx.Now),
            };
            spokes.Add(tx, spoke, null, "");
            tx.Execute($"update peers set last_handshake_at = {Near(tx.Now)}, handshakes_from = {Near(tx.Now)} where spoke_id = {id}");
        }
    }

    /// <summary>Never, now, just beside it, or some days away.</summary>
    private static DateTimeOffset? Near(DateTimeOffset now) => RandomNumberGenerator.GetInt32(4) switch
    {
        0 => null,
        1 => now,
        2 => now.AddMilliseconds(RandomNumberGenerator.GetInt32(-2, 3)),
        _ => now.AddSeconds(RandomNumberGenerator.GetInt32(-1_000_000, 1_000_000)),
    };
}
