using System.Globalization;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Local;

public sealed class SignInBackOffTests
{
    private readonly ManualTime _time = new();
    private readonly SignInBackOff _backOff;

    public SignInBackOffTests() => _backOff = new(_time);

    [Fact]
    public void After_three_tries_the_wait_doubles_up_to_a_minute()
    {
        var waits = Enumerable.Range(0, 11).Select(_ => Fail("ada")).ToList();

        Assert.Equal([0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60], waits);
    }

    [Fact]
    public void A_try_that_comes_too_soon_makes_the_wait_no_longer()
    {
        Fail("ada", 4);

        _backOff.Take(At("ada"));
        Assert.Equal(4, Refused("ada"));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(1, Refused("ADA"));
        _time.Advance(TimeSpan.FromSeconds(1));
        _backOff.Take(At("ada"));
    }

    [Fact]
    public void Of_many_at_once_three_are_looked_at()
    {
        var taken = Enumerable.Range(0, 50).AsParallel().WithDegreeOfParallelism(8).Count(_ => Record.Exception(() => _backOff.Take(At("ada"))) is null);

        Assert.Equal(3, taken);
    }

    [Fact]
    public void What_is_forgiven_counts_for_nothing_and_what_is_forgotten_begins_anew()
    {
        Fail("ada", 2);
        _backOff.Take(At("ada"));
        _backOff.Forgive(At("ada"));
        Assert.Equal(1, Fail("ada"));

        _backOff.Forget(At("ada"));
        Assert.Equal([0, 0, 1], Enumerable.Range(0, 3).Select(_ => Fail("ada")));
    }

    [Fact]
    public void One_name_does_not_slow_another_down()
    {
        Fail("ada", 9);

        Assert.Equal(0, Fail("grace"));
    }

    [Fact]
    public void A_clock_that_is_set_back_keeps_nobody_out()
    {
        Fail("ada", 9);
        _backOff.Take(At("ada"));

        _time.Advance(TimeSpan.FromHours(-1));

        _backOff.Take(At("ada"));
    }

    [Fact]
    public void A_flood_of_names_does_not_wash_away_who_has_to_wait()
    {
        Fail("ada", 8);
        _backOff.Take(At("ada"));

        for (var i = 0; i < 200_000; i++)
        {
            _backOff.Take(At(string.Create(CultureInfo.InvariantCulture, $"name {i}")));
        }

        Assert.Equal(60, Refused("ada"));
    }

    [Fact]
    public void What_the_database_kept_leaves_one_try_after_a_start()
    {
        _backOff.Take(At("ada"), 9);
        Assert.Equal(1, Refused("ada"));

        Assert.Equal(0, Fail("grace"));
    }

    [Fact]
    public void What_strangers_try_at_a_name_makes_nobody_else_wait()
    {
        for (var i = 0; i < 40; i++)
        {
            _backOff.Take(new($"203.0.113.{i % 8}x{i / 24} ADA", "ADA"));
        }

        Assert.Equal(0, Fail("ada"));
    }

    [Fact]
    public void Very_many_networks_together_have_sixty_tries_a_minute_and_a_known_browser_its_own()
    {
        var looked = Enumerable.Range(0, 200).Count(i => Record.Exception(() => _backOff.Take(new($"2001:db8:{i}: ADA", "ADA"))) is null);

        Assert.Equal(60, looked);
        Refused("ada");
        _backOff.Take(new("browser 1"));
        _backOff.Take(new("192.0.2.1 GRACE", "GRACE"));
    }

    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:1::1", "2001:db8:1:2::9", true)] // who has a /48 is one caller
    [InlineData("2001:db8:1::1", "2001:db8:2::1", false)]
    public void A_network_is_one_caller(string one, string other, bool isSame) =>
        Assert.Equal(isSame, Guesser.At("ada", null, new(one, "")) == Guesser.At("Ada", null, new(other, "")));

    private void Fail(string who, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Fail(who);
        }
    }

    /// <summary>A try that fails, and its wait sat out.</summary>
    /// <returns>The wait in seconds.</returns>
    private int Fail(string who)
    {
        _backOff.Take(At(who));
        var wait = Record.Exception(() => _backOff.Take(At(who))) is AppException { RetryAfter: { } left } ? left : TimeSpan.Zero;
        if (wait == TimeSpan.Zero)
        {
            _backOff.Forgive(At(who));
        }

        _time.Advance(wait);
        return (int)wait.TotalSeconds;
    }

    private static Guesser At(string name) => Guesser.At(name, null, TestHub.Browser);

    private int Refused(string who)
    {
        var refusal = Assert.Throws<AppException>(() => _backOff.Take(At(who)));
        Assert.Equal((429, "RATE_LIMITED"), (refusal.Status, refusal.Code));
        return (int)refusal.RetryAfter!.Value.TotalSeconds;
    }
}
