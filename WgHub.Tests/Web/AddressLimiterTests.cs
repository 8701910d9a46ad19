using System.Net;
using FsCheck.Fluent;
using WgHub.TestKit;

namespace WgHub.Web;

public sealed class AddressLimiterTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ManualTime _time = new();

    [Fact]
    public void An_address_has_just_its_share() =>
        Any.Holds(Gen.Choose(1, 40), limit =>
        {
            var limiter = new AddressLimiter(limit, Minute, _time);
            var taken = Enumerable.Range(0, limit * 2).Select(_ => Take(limiter, "203.0.113.5")).ToList();
            return taken.Take(limit).All(ok => ok) && taken.Skip(limit).All(ok => !ok) && Take(limiter, "203.0.113.6");
        });

    [Fact]
    public void Whoever_waits_as_told_gets_in() =>
        Any.Holds(Gen.Choose(1, 40).Zip(Gen.Choose(0, 10).ListOf()), value =>
        {
            var (limit, pauses) = value;
            var limiter = new AddressLimiter(limit, Minute, _time);
            foreach (var pause in pauses)
            {
                _time.Advance(TimeSpan.FromSeconds(pause));
                Take(limiter, "203.0.113.5");
            }

            TimeSpan wait;
            while (limiter.TryTake(IPAddress.Parse("203.0.113.5"), out wait))
            {
            }

            _time.Advance(wait);
            return Take(limiter, "203.0.113.5") && wait <= (2 * Minute) + TimeSpan.FromSeconds(1);
        });

    [Fact]
    public void Over_any_time_not_more_than_the_share_of_two_windows_gets_through() =>
        Any.Holds(Gen.Choose(0, 20).ListOf(100), pauses =>
        {
            var limiter = new AddressLimiter(5, Minute, _time);
            List<DateTimeOffset> taken = [];
            foreach (var pause in pauses)
            {
                _time.Advance(TimeSpan.FromSeconds(pause));
                if (Take(limiter, "203.0.113.5"))
                {
                    taken.Add(_time.GetUtcNow());
                }
            }

            return taken.All(end => taken.Count(time => time <= end && time > end - Minute) <= 10) && taken.Count >= 5;
        });

    [Fact]
    public void After_two_windows_all_is_forgotten()
    {
        var limiter = new AddressLimiter(3, Minute, _time);
        Assert.True(Take(limiter, "203.0.113.5") && Take(limiter, "203.0.113.5") && Take(limiter, "203.0.113.5"));

        _time.Advance(2 * Minute);

        Assert.True(Take(limiter, "203.0.113.5") && Take(limiter, "203.0.113.5") && Take(limiter, "203.0.113.5"));
    }

    [Fact]
    public void An_IPv6_caller_is_counted_by_its_64()
    {
        var limiter = new AddressLimiter(1, Minute, _time);
        Assert.True(Take(limiter, "2001:db8:0:1::1"));

        Assert.False(Take(limiter, "2001:db8:0:1:ffff::2"));
        Assert.True(Take(limiter, "2001:db8:0:2::1"));
    }

    [Fact]
    public void A_whole_48_has_the_share_of_ten_machines()
    {
        var limiter = new AddressLimiter(3, Minute, _time);

        var taken = Enumerable.Range(0, 20_000).Count(i => Take(limiter, $"2001:db8:7:{i % 10_000:x}::1"));

        Assert.InRange(taken, 30, 31);     // the site's own slot may be lost once to another's, at its very beginning
        Assert.True(Take(limiter, "2001:db8:8::1"));
    }

    [Fact]
    public void One_machine_does_not_use_its_neighbours_share_up()
    {
        var limiter = new AddressLimiter(3, Minute, _time);

        Assert.Equal(3, Enumerable.Range(0, 1000).Count(_ => Take(limiter, "2001:db8:7:1::1")));
        Assert.Equal(27, Enumerable.Range(2, 100).Count(i => Take(limiter, $"2001:db8:7:{i:x}::1")));
    }

    [Fact]
    public void Who_floods_is_not_forgotten_for_others()
    {
        var limiter = new AddressLimiter(2, Minute, _time);
        Assert.True(Take(limiter, "203.0.113.5") && Take(limiter, "203.0.113.5"));

        for (var i = 0; i < 50_000; i++)
        {
            limiter.TryTake(new IPAddress(i), out _);
        }

        Assert.False(Take(limiter, "203.0.113.5"));
    }

    [Fact]
    public void All_together_have_a_share_too()
    {
        var limiter = new SharedLimiter(2, Minute, _time);
        Assert.True(limiter.TryTake(out _) && limiter.TryTake(out _));

        Assert.False(limiter.TryTake(out var wait));
        _time.Advance(wait);
        Assert.True(limiter.TryTake(out _));
    }

    [Fact]
    public void The_same_IPv4_caller_over_an_IPv6_socket_is_the_same()
    {
        var limiter = new AddressLimiter(1, Minute, _time);
        Assert.True(Take(limiter, "203.0.113.5"));

        Assert.False(Take(limiter, "::ffff:203.0.113.5"));
    }

    [Fact]
    public void A_flood_from_ten_thousand_addresses_takes_no_memory()
    {
        var limiter = new AddressLimiter(10, Minute, _time);
        Take(limiter, "203.0.113.5");
        var before = GC.GetAllocatedBytesForCurrentThread();

        Span<byte> bytes = stackalloc byte[4];
        for (var i = 0; i < 10_000; i++)
        {
            BitConverter.TryWriteBytes(bytes, i);
            limiter.TryTake(new IPAddress(bytes), out _);
        }

        // The addresses themselves are the test's: 40 bytes each and nothing beside.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000 * 64);
    }

    [Fact]
    public void Zero_is_no_limit()
    {
        var limiter = new AddressLimiter(0, Minute, _time);

        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(Take(limiter, "203.0.113.5")));
    }

    private static bool Take(AddressLimiter limiter, string address) => limiter.TryTake(IPAddress.Parse(address), out _);
}
